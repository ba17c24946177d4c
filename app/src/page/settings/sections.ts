// The pages of the settings, in the order of the list.
import type { Component } from 'svelte';
import Bell from '@lucide/svelte/icons/bell';
import Building from '@lucide/svelte/icons/building-2';
import CloudUpload from '@lucide/svelte/icons/cloud-upload';
import Database from '@lucide/svelte/icons/database';
import EyeOff from '@lucide/svelte/icons/eye-off';
import HardDrive from '@lucide/svelte/icons/hard-drive';
import Info from '@lucide/svelte/icons/info';
import Lock from '@lucide/svelte/icons/lock';
import MessageCircle from '@lucide/svelte/icons/message-circle';
import Palette from '@lucide/svelte/icons/palette';
import ShieldCheck from '@lucide/svelte/icons/shield-check';
import Smartphone from '@lucide/svelte/icons/smartphone';
import UserRound from '@lucide/svelte/icons/user-round';
import type { Icon } from '../../part/icon';
import type { Edition } from '../../state/app.svelte';
import About from './About.svelte';
import Appearance from './Appearance.svelte';
import Backup from './Backup.svelte';
import Chats from './Chats.svelte';
import Data from './Data.svelte';
import Devices from './Devices.svelte';
import LockPage from './LockPage.svelte';
import NotificationsPage from './NotificationsPage.svelte';
import Organisation from '../work/Organisation.svelte';
import Privacy from './Privacy.svelte';
import Profile from './Profile.svelte';
import Storage from './Storage.svelte';
import Trust from './Trust.svelte';

export interface Section {
  name: string;
  icon: Icon;
  page: Component;
  /** A line above it. */
  apart?: boolean;
}

const ALL: (Section & { work?: boolean })[] = [
  { name: 'profile', icon: UserRound, page: Profile },
  { name: 'organisation', icon: Building, page: Organisation, work: true },
  { name: 'privacy', icon: EyeOff, page: Privacy, apart: true },
  { name: 'trust', icon: ShieldCheck, page: Trust },
  { name: 'lock', icon: Lock, page: LockPage },
  { name: 'backup', icon: CloudUpload, page: Backup },
  { name: 'notifications', icon: Bell, page: NotificationsPage, apart: true },
  { name: 'appearance', icon: Palette, page: Appearance },
  { name: 'chats', icon: MessageCircle, page: Chats },
  { name: 'storage', icon: HardDrive, page: Storage },
  { name: 'devices', icon: Smartphone, page: Devices, apart: true },
  { name: 'data', icon: Database, page: Data },
  { name: 'about', icon: Info, page: About },
];

export const sections = (edition: Edition): Section[] =>
  ALL.filter((section) => section.work !== true || edition !== 'private');
