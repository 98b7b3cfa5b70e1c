/** Every fault in every phase in which it can occur, by family. */
import {bodies} from './bodies';
import {breaks} from './breaks';
import {connections} from './connections';
import {documents} from './documents';
import type {Cell, Phase, Row} from './fault';
import {poisons} from './poison';
import {stalls} from './stalls';
import {statuses} from './statuses';
import {tls} from './tls';
import {transfer} from './transfer';

const rows: readonly Row[] = [
	...connections,
	...tls,
	...breaks,
	...stalls,
	...transfer,
	...statuses,
	...bodies,
	...documents,
	...poisons,
];

export const cells: readonly Cell[] = rows.flatMap(({outcomes, ...row}) =>
	Object.entries(outcomes).map(([phase, outcome]) => ({...row, phase: phase as Phase, outcome})),
);
