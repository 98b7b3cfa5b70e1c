/** A disk that refuses, by the injected files: the ledger is opened, counts a delivery, takes an acknowledge, notes its confirmation. */
import type {Faults} from '../../world/memory-files';
import type {Outcome, Row} from './fault';
import {recovers, waits} from './outcomes';

const state: Outcome = {...waits('RETARUS_STATE'), waitMs: 5000};
/** What need not survive a power cut goes on; the next acknowledge is refused. */
const untilDurable: Outcome = {...state, isMet: true};

const disk = (faults: Faults) => ({at: 'disk', faults}) as const;
const everything: Row['outcomes'] = {opening: state, delivery: state, acceptance: state, confirmation: state};
const noSync: Row['outcomes'] = {opening: state, delivery: untilDurable, acceptance: state, confirmation: untilDurable};
/** An open file goes on being written. */
const onlyAtFirst: Row['outcomes'] = {opening: state, delivery: recovers, acceptance: recovers, confirmation: recovers};

export const disks: readonly Row[] = [
	{kind: 'disk full', fault: disk({freeBytes: 0}), outcomes: everything},
	{kind: 'disk full in the middle of a record', fault: disk({freeBytes: 25}), outcomes: everything},
	{kind: 'append fails', fault: disk({appendAfterBytes: 0}), outcomes: everything},
	{kind: 'append tears a record', fault: disk({appendAfterBytes: 11}), outcomes: everything},
	{kind: 'append fails after the whole record', fault: disk({appendAfterBytes: 100_000}), outcomes: everything},
	{kind: 'sync fails', fault: disk({sync: true}), outcomes: noSync},
	{kind: 'open fails', fault: disk({open: true}), outcomes: onlyAtFirst},
	{kind: 'rename fails', fault: disk({rename: true}), outcomes: onlyAtFirst},
	{kind: 'sync of the folder fails', fault: disk({syncFolder: true}), outcomes: onlyAtFirst},
	{kind: 'read fails', fault: disk({read: true}), outcomes: onlyAtFirst},
	{kind: 'sync and open fail', fault: disk({sync: true, open: true}), outcomes: noSync},
	{kind: 'append and rename fail', fault: disk({appendAfterBytes: 0, rename: true}), outcomes: everything},
	{
		kind: 'disk is gone',
		fault: disk({appendAfterBytes: 0, sync: true, syncFolder: true, open: true, rename: true, read: true}),
		outcomes: everything,
	},
];
