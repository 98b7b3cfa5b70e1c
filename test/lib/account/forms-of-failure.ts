import {NetworkError} from '../../../lib/errors';
import type {Fate} from '../../world/fake-retarus';

/** What a service, a proxy or a firewall does with a request that it dislikes. */
export interface FormOfFailure {
	readonly name: string;
	/** Throws where the connection breaks. */
	readonly fate: () => Fate;
	/** The service itself says that it will not do it. */
	readonly isRefusal: boolean;
	/** How long it asks to wait. */
	readonly askedMs: number;
}

const form = (name: string, fate: () => Fate, change: Partial<FormOfFailure> = {}): FormOfFailure => ({
	name,
	fate,
	isRefusal: false,
	askedMs: 0,
	...change,
});

const status = (code: number, change: Partial<FormOfFailure> = {}): FormOfFailure =>
	form(String(code), () => ({status: code}), change);

/** For ten minutes. */
const patience = (code: number): FormOfFailure =>
	form(`${code} with Retry-After`, () => ({status: code, headers: {'retry-after': '600'}}), {askedMs: 600_000});

const body = (name: string, text: string): FormOfFailure => form(name, () => ({status: 200, body: text}));

export const hang = form('a hang', () => 'hangs');
export const reset = form('a reset', () => {
	throw new NetworkError('connectionBroken', 'waiting', {host: 'fake', detail: 'ECONNRESET'});
});

export const formsOfFailure: readonly FormOfFailure[] = [
	hang,
	reset,
	form('a redirect', () => ({status: 302, headers: {location: 'http://proxy/blocked'}})),
	body('a block page', '<html>blocked</html>'),
	body('broken JSON', '{"meta":{},"results":[{"id":'),
	body('an error in place of a list', '{"error":"blocked"}'),
	status(400, {isRefusal: true}),
	status(401),
	status(403, {isRefusal: true}),
	status(404, {isRefusal: true}),
	status(407),
	status(414, {isRefusal: true}),
	status(421),
	status(429),
	patience(429),
	status(500),
	status(503),
	patience(503),
];
