import {runHistories} from './histories/histories';
import {runFaults} from './faults/campaign';
import {runFuzz} from './fuzz/campaign';
import type {Campaign} from './campaign-result';
import {runNodeRedKills} from './kills/node-red-kills';
import {runProcesses} from './kills/processes';
import {runRedeploys} from './kills/redeploys';
import {runJournalCrashes} from './crashes/journal-crashes';
import {runWorkerKills} from './kills/kills';

export interface NamedCampaign {
	/** Its option on the command line, and its name on the board. */
	readonly name: string;
	/** How much of it a run without options has. */
	readonly usual: number;
	readonly counts: string;
	readonly run: Campaign;
}

/** In the order of the table. */
export const campaigns: readonly NamedCampaign[] = [
	{name: 'histories', usual: 1000, counts: 'simulated histories of 50 to 100 faxes', run: runHistories},
	{name: 'kills', usual: 10, counts: 'kills of a real Node-RED', run: runNodeRedKills},
	{name: 'worker-kills', usual: 200, counts: 'kills of a process with nothing but the core', run: runWorkerKills},
	{
		name: 'journal-crashes',
		usual: 10_000,
		counts: 'crashes of the journal, before and after each system call',
		run: runJournalCrashes,
	},
	{name: 'faults', usual: 1, counts: 'walks through the table of faults over real sockets', run: runFaults},
	{name: 'fuzz', usual: 100_000, counts: 'drawn bodies, and two fifths as many names', run: runFuzz},
	{name: 'redeploys', usual: 20, counts: 'deploys under load', run: runRedeploys},
	{name: 'processes', usual: 1, counts: 'runs with two, and with four Node-REDs on a topic', run: runProcesses},
];
