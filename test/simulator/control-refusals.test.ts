import 'should';
import {control, simulate} from './harness';

describe('The control API on invalid input', () => {
	const slips: readonly (readonly [path: string, body: unknown, complaint: RegExp])[] = [
		['faxes', [], /must be a JSON object/],
		['faxes', {topic: 'unknown'}, /does not serve a topic "unknown"/],
		['faxes', {topic: 7}, /topic must be a string/],
		['faxes', {sample: 'cheque'}, /sample must be one of order, letter/],
		['faxes', {smaple: 'order'}, /no field smaple; it has topic/],
		['faxes', {copies: 0}, /copies must be a whole number from 1 to 10000/],
		['faxes', {pages: '1'}, /pages must be a whole number/],
		['faxes', {documents: {}}, /documents must be a list/],
		['faxes', {documents: [{extension: 'pdf'}]}, /contentBase64 must be given/],
		['faxes', {documents: [{extension: '../x', contentBase64: ''}]}, /extension must be letters/],
		['faxes', {documents: [{extension: 'pdf', contentBase64: '!'}]}, /must be base64/],
		['faxes', {sample: 'order', documents: []}, /either a sample or documents/],
		['clock', {}, /advanceMs must be given/],
		['clock', {advanceMs: -1}, /from 0/],
		['clock', {advanceMs: Number.MAX_SAFE_INTEGER}, /past the year 9999/],
		['faults', {}, /A fault must be a JSON object/],
		['faults', {fault: {kind: 'fire'}}, /kind must be one of status, reset/],
		['faults', {fault: {kind: 'status'}}, /status must be given/],
		['faults', {fault: {kind: 'redirect'}}, /location must be given/],
		['faults', {fault: {kind: 'noResults', status: 301}}, /status must be a whole number from 200 to 299/],
		['faults', {fault: {kind: 'fin'}, phase: 'never'}, /phase must be one of/],
		['faults', {fault: {kind: 'fin'}, urlLongerThanBytes: -1}, /urlLongerThanBytes must be a whole number from 0/],
		['faults', {fault: {kind: 'fin'}, customer: '1'}, /no field customer; it has name, fault, phase/],
		['faults', {name: 'fire'}, /name must be one of loseNextAnswer/],
		['faults', {name: 'truncateDocument'}, /applies to one fax/],
		['switches', {successStatus: 204}, /successStatus must be one of 200, 201/],
		['switches', {maximumFetch: 0}, /whole number from 1/],
		['switches', {colour: 'red'}, /no field colour; it has fieldNames/],
		['network', {latencyMs: -1}, /whole number from 0/],
		['network', {resetRate: 2}, /number from 0 to 1/],
		['reset', {faxes: true}, /no field faxes/],
	];
	for (const [path, body, complaint] of slips) {
		it(`explains why it refuses ${JSON.stringify(body)} for ${path}`, async () => {
			const simulator = await simulate();
			const answer = await control(simulator, 'POST', `/simulator/${path}`, body);
			answer.status.should.equal(400);
			(JSON.parse(answer.body.toString()) as {message: string}).message.should.match(complaint);
			simulator.faxes().should.be.empty();
		});
	}

	it('refuses malformed JSON, other content types, and unknown paths and methods', async () => {
		const simulator = await simulate();
		(await control(simulator, 'POST', '/simulator/faxes', undefined, {body: '{'})).status.should.equal(400);
		(
			await control(simulator, 'POST', '/simulator/faxes', {}, {headers: {'Content-Type': 'text/plain'}})
		).status.should.equal(415);
		(await control(simulator, 'GET', '/simulator/secrets')).status.should.equal(404);
		(await control(simulator, 'PUT', '/simulator/faxes')).status.should.equal(404);
	});

	it('refuses a body above 64 MB', async () => {
		const simulator = await simulate();
		const {status} = await control(simulator, 'POST', '/simulator/faxes', undefined, {
			body: Buffer.alloc(64 * 1024 * 1024 + 1, ' '),
		});
		status.should.equal(413);
	});
});
