// The page of all tokens and parts, for those who build screens. Not part of what a server ships.
import './style/base.css';
import { mount } from 'svelte';
import Design from './page/Design.svelte';
import { load, preferred } from './texts';

const target = document.getElementById('app');
if (target === null) throw new Error('the page has no place for the app');
await load(preferred());
mount(Design, { target });
