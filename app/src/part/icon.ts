// What a part takes as its picture: a component of @lucide/svelte/icons/<name>.
import type { LucideProps } from '@lucide/svelte';
import type { Component } from 'svelte';

export type Icon = Component<LucideProps>;
