import type {Subject} from '../subject';
import {pollBodies} from './bodies';
import {contents, downloads, retryAfter} from './headers';
import {journals} from './journals';
import {guard, handles, settings} from './messages';
import {documentNames, documentUrls} from './names';
import {acknowledgeRequests, exchanges, requests} from './requests';

export const subjects: readonly Subject[] = [
	pollBodies,
	documentNames,
	documentUrls,
	exchanges,
	requests,
	acknowledgeRequests,
	handles,
	guard,
	settings,
	retryAfter,
	contents,
	downloads,
	journals,
];
