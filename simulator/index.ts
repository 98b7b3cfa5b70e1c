/**
 * The service on your desk: Retarus's API for polling received faxes, with the documented semantics,
 * a clock that can be moved, and every fault a network has to offer.
 *
 *     const simulator = await startSimulator();
 *     const fax = simulator.addFax({sample: 'order'});
 *     // ... let a client poll simulator.baseUrl as customer 99999 with password "secret" ...
 *     simulator.clock.advance(60_000);
 *     fax.state; // {kind: 'acknowledged', ...}
 *     await simulator.close();
 */
import {Clock} from './clock';
import {DataFolder, Keeper} from './faxes/data-folder';
import {ControlApi} from './control/api';
import {PageFiles} from './control/page-files';
import type {FaxView} from './faxes/fax';
import {FaxinApi} from './api/faxin-api';
import {Faults} from './faults/faults';
import {createIdentifiers, seededRandom} from './identifiers';
import {isLoopback} from './http/host';
import {listen} from './http/listener';
import {perfectNetwork, type NetworkConditions} from './faults/network';
import {FaxIntake, type NewFax} from './faxes/new-fax';
import {defaultOptions, type SimulatorOptions} from './api/options';
import {RateLimit} from './api/rate-limit';
import {RequestLog} from './request-log';
import {Revisions} from './faxes/revisions';
import {readReplay} from './recording/replay';
import {apiPath, controlPath} from './api/route';
import {serve} from './server';
import {Settings} from './settings';
import {Store} from './faxes/store';
import {defaultSwitches, type Switches} from './api/switches';

/** A running simulator. */
export interface Simulator {
	/** What a client is configured with: `http://127.0.0.1:PORT/faxin/rest/v1`. */
	readonly baseUrl: string;
	readonly port: number;
	/** Faxes lapse and are deleted by this clock. */
	readonly clock: Pick<Clock, 'now' | 'advance'>;
	readonly faults: Pick<Faults, 'add' | 'clear' | 'rules'>;
	readonly requests: Pick<RequestLog, 'all' | 'arrival' | 'count'>;
	/** How good the way here is: latency, pace, shares of requests that go wrong. */
	readonly network: Pick<Settings<NetworkConditions>, 'current' | 'change' | 'reset'>;
	/** The open questions, changed while it runs. */
	readonly switches: Pick<Settings<Switches>, 'current' | 'change' | 'reset'>;
	/** Where a browser finds the simulator's page. */
	readonly pageUrl: string;
	/**
	 * Lets a fax arrive.
	 * @throws RangeError for a topic that is not served, or an id that is taken
	 */
	addFax(newFax?: NewFax): FaxView;
	/** Every fax that ever arrived, in order of receipt. */
	faxes(): readonly FaxView[];
	/** A fax as of now. */
	findFax(id: string): FaxView | undefined;
	/** Puts everything back to the start: no faxes, no faults, the clock unmoved, network and switches as they were. The request log stays. */
	reset(): void;
	/** Cuts every connection; resolves when the port is free and nothing is left that would keep the process. */
	close(): Promise<void>;
}

/**
 * Starts a simulator.
 * @throws TypeError for a host that other machines can reach, without accounts of one's own
 * @throws when the port cannot be had, as `net.Server` does: `error.code` is e.g. EADDRINUSE
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
	const {port, host, accounts, topics, requestLogLimit} = {...defaultOptions, ...options};
	if (!isLoopback(host) && options.accounts === undefined) {
		throw new TypeError(
			`Other machines can reach ${host}: choose the accounts, since everybody knows the usual password.`,
		);
	}
	const switches = new Settings({...defaultSwitches, ...options.switches});
	const network = new Settings({...perfectNetwork, ...options.network});
	const clock = new Clock(options.clock);
	const folder = options.data === undefined ? undefined : new DataFolder(options.data);
	const kept = folder?.load();
	const store = new Store(clock, [
		...topics.map(({name}) => name),
		...(kept?.faxes.map(({facts}) => facts.topic) ?? []),
	]);
	const replay = options.replay === undefined ? undefined : readReplay(options.replay);
	const random = options.seed === undefined ? Math.random : seededRandom(options.seed);
	const intake = new FaxIntake(store, clock, topics[0]?.name ?? '', createIdentifiers(random));
	const faults = new Faults();
	const log = new RequestLog(requestLogLimit, kept?.requests);
	clock.advance(kept?.offsetMs ?? 0);
	for (const fax of kept?.faxes ?? []) {
		store.add(fax);
	}
	const keeper =
		folder &&
		new Keeper(() => {
			folder.save({offsetMs: clock.offsetMs, requests: log.count, faxes: store.all()});
		});
	const revisions = new Revisions();
	const reset = (): void => {
		store.clear();
		revisions.clear();
		faults.clear();
		clock.reset();
		network.reset();
		switches.reset();
	};
	const services = {
		api: new FaxinApi(store, clock, topics, switches.current, replay),
		control: new ControlApi({
			store,
			intake,
			clock,
			faults,
			switches,
			network,
			log,
			revisions,
			page: new PageFiles(),
			reset,
		}),
		isLocal: isLoopback(host),
		limit: new RateLimit(clock, switches.current),
		network: network.current,
		switches: switches.current,
		// Not the source of ids, which stay the same whatever the network does.
		random: options.seed === undefined ? Math.random : seededRandom(options.seed + 1),
		changed: () => keeper?.touch(),
		accounts,
		store,
		clock,
		faults,
		log,
	};
	const listener = await listen(port, host, (request, response) => serve(request, response, services));
	const origin = `http://${host.includes(':') ? `[${host}]` : host}:${listener.port}`;
	return {
		baseUrl: `${origin}${apiPath}`,
		pageUrl: `${origin}${controlPath}/`,
		port: listener.port,
		clock,
		faults,
		network,
		switches,
		requests: log,
		reset,
		addFax(newFax = {}) {
			keeper?.touch();
			return intake.add(newFax);
		},
		faxes: () => store.all(),
		findFax: (id) => store.find(id),
		async close() {
			await listener.close();
			keeper?.close();
		},
	};
}

export type {DocumentContent, FaxDocument, NewDocument} from './documents/document';
export type {EntryOverrides, FaxEvent, FaxFacts, FaxState, FaxView} from './faxes/fax';
export type {BreakingPoint, Fault, FaultRule, Phase} from './faults/faults';
export type {FieldNames} from './faxes/metadata';
export type {NetworkConditions} from './faults/network';
export type {NewFax} from './faxes/new-fax';
export type {SimulatorAccount, SimulatorOptions, SimulatorTopic} from './api/options';
export type {LoggedRequest, RequestOutcome} from './request-log';
export type {SampleName} from './documents/samples';
export type {Switches} from './api/switches';
