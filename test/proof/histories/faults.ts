/**
 * Everything that can go wrong in a history, by name. A history has a random part of them, each as often as it draws.
 */

/** Strikes single requests to the service. */
const network = [
	'refused',
	'lostRequest',
	'lostAnswer',
	'reset',
	'resetAfter',
	'duplicate',
	'slow',
	'serverError',
	'serverErrorAfter',
	'unavailable',
	'rateLimit',
	'html',
	'truncatedAnswer',
	'garbledAnswer',
] as const;

/** Strikes single downloads of documents. */
const documents = [
	'documentReset',
	'documentShort',
	'documentUnclean',
	'documentCut',
	'documentHtml',
	'documentEmpty',
	'documentHang',
	'documentSlow',
	'documentError',
	'documentRefused',
	'documentMissing',
] as const;

/** Strikes single operations of the disk. */
const disk = [
	'appendError',
	'syncError',
	'openError',
	'renameError',
	'readError',
	'removeError',
	'folderSyncError',
	'slowDisk',
] as const;

/** Lasts for a while. */
const spells = ['outage', 'silence', 'unauthorized', 'forbidden', 'topicUnknown', 'fullDisk', 'brokenDisk'] as const;

/** Happens to a process or its machine at some moment. */
const moments = [
	'kill',
	'powerCut',
	'killAtOperation',
	'cleanRestart',
	'redeployReceiver',
	'redeployAccount',
	'fullDeploy',
	'wallJump',
	'sleep',
	'pause',
	'poll',
	'secondProcess',
] as const;

/** What this service does that another may not (service.md: open questions). */
const habits = [
	'listsFirst',
	'capsFetch',
	'capsLock',
	'ignoresLate',
	'refusesUnknown',
	'refusesKnown',
	'surplus',
	'repeatsId',
	'malformedEntry',
	'documentsLate',
	'documentsGone',
	'deletes',
	'forgetsAcknowledge',
] as const;

/** What flows do other than acknowledge in time. */
const flows = [
	'fails',
	'givesBack',
	'twice',
	'late',
	'handsOver',
	'parts',
	'stranger',
	'byHand',
	'acknowledgesGivenBack',
	'givesBackLate',
	'givesBackAtOnce',
] as const;

export const faultKinds = [...network, ...documents, ...disk, ...spells, ...moments, ...habits, ...flows] as const;
export type FaultKind = (typeof faultKinds)[number];
export type SpellKind = (typeof spells)[number];
export const spellKinds = spells;
export type MomentKind = (typeof moments)[number];
export const momentKinds = moments;

export const isFaultKind = (name: string): name is FaultKind => (faultKinds as readonly string[]).includes(name);
