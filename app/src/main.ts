// The start of every edition: language first, then the core, then the first screen.
import './style/base.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { app } from './state/app.svelte';
import { register } from './state/update.svelte';
import { preferences } from './state/preferences.svelte';

const target = document.getElementById('app');
if (target === null) throw new Error('the page has no place for the app');
await preferences.start();
await app.start();
mount(App, { target });
void register();
