import should from 'should';
import {switchChoices} from '../../simulator/control/switch-input';
import {faultKinds} from '../../simulator/control/fault-input';
import {faultNames} from '../../simulator/control/named-faults';
import type {FaultView} from '../../simulator/control/views';
import {sampleNames} from '../../simulator/documents/samples';
import {control, exchange, send, simulate, small} from './harness';
import {complaintAbout, description} from './openapi';

/** All other tests check the answers they receive against it: see harness.ts. */
describe('The OpenAPI description', () => {
	const {schemas} = description.components;

	it('lists every value of every switch, every fault and every sample', () => {
		const described = schemas.Switches?.properties ?? {};
		Object.keys(described).should.deepEqual(Object.keys(switchChoices));
		for (const [name, choices] of Object.entries(switchChoices)) {
			if (!('minimum' in choices) && typeof choices[0] !== 'boolean') {
				should(described[name]?.enum).deepEqual(choices);
			}
		}
		should(schemas.FaultName?.enum).deepEqual(faultNames);
		const kinds = schemas.Fault?.oneOf?.flatMap(({properties: {kind}}) => kind?.enum ?? [kind?.const]);
		should([...(kinds ?? [])].sort()).deepEqual([...faultKinds].sort());
		should(schemas.Sample?.enum).deepEqual(sampleNames);
	});

	it('describes only operations that exist', async () => {
		const simulator = await simulate();
		simulator.addFax({...small, id: 'one'});
		const lastFault = async (): Promise<string> => {
			simulator.faults.add({fault: {kind: 'gzip'}, faxId: 'none'});
			const {faults} = JSON.parse((await control(simulator, 'GET', '/simulator/faults')).body.toString()) as {
				faults: FaultView[];
			};
			return String(faults.at(-1)?.number);
		};
		const bodies: Readonly<Record<string, unknown>> = {
			'/simulator/clock': {advanceMs: 1},
			'/simulator/faults': {fault: {kind: 'fin'}, faxId: 'none'},
		};
		for (const [template, operations] of Object.entries(description.paths)) {
			for (const method of ['get', 'post', 'delete'].filter((name) => name in operations)) {
				const path = template
					.replace('{topic}', 'demo')
					.replace('{id}', 'one')
					.replace('{number}', await lastFault())
					.replace('{name}', 'one.pdf');
				const {status} = path.startsWith('/simulator')
					? await control(simulator, method.toUpperCase(), path, method === 'post' ? (bodies[path] ?? {}) : undefined)
					: await send(simulator, new URL(`${path}?fetch=1`, simulator.baseUrl).href, {method: method.toUpperCase()});
				[200, 201].includes(status).should.be.true(`${method} ${path}: ${status}`);
				if (simulator.faxes().length === 0) {
					simulator.addFax({...small, id: 'one'});
				}
			}
		}
	});

	it('rejects answers that it does not describe', async () => {
		const simulator = await simulate();
		simulator.addFax({...small, id: 'one'});
		const {status, meta, results} = await exchange(simulator, 'fetch=1');
		const complaint = (answer: unknown, changed = {}): string | undefined =>
			complaintAbout({
				method: 'POST',
				path: '/faxin/rest/v1/topics/demo',
				status,
				contentType: 'application/json; charset=UTF-8',
				body: Buffer.from(JSON.stringify(answer)),
				...changed,
			});
		should(complaint({meta, results})).be.undefined();
		should(complaint({meta})).match(/results/);
		should(complaint({meta: {...meta, secret: 1}, results})).match(/additional properties/);
		should(complaint({meta, results: [{...results[0], documents: undefined}]})).match(/documents/);
		should(complaint({meta, results}, {status: 202})).match(/202 is not described/);
		should(complaint({meta, results}, {contentType: 'text/csv'})).match(/not text\/csv/);
		should(complaint({meta, results}, {path: '/faxin/rest/v2'})).match(/is not described/);
	});
});
