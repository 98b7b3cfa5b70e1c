/**
 * Retarus's API for polling received faxes, on your own machine: the documented semantics, a clock you can move,
 * and every fault that a network can produce.
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
	/** The base URL to configure in a client: `http://127.0.0.1:PORT/faxin/rest/v1`. */
	readonly baseUrl: string;
	readonly port: number;
	/** The service's clock: locks lapse and documents are deleted by it. */
	readonly clock: Pick<Clock, 'now' | 'advance'>;
	/** Fault rules: faults and the requests they hit. */
	readonly faults: Pick<Faults, 'add' | 'clear' | 'rules'>;
	/** The requests received and how each was answered. */
	readonly requests: Pick<RequestLog, 'all' | 'arrival' | 'count'>;
	/** Latency, bandwidth and failure rates. */
	readonly network: Pick<Settings<NetworkConditions>, 'current' | 'change' | 'reset'>;
	/** The service's behaviour where its documentation is silent. Can change while the simulator runs. */
	readonly switches: Pick<Settings<Switches>, 'current' | 'change' | 'reset'>;
	/** URL of the simulator's page. */
	readonly pageUrl: string;
	/**
	 * Receives a fax.
	 * @throws RangeError if the topic is not served or the id is taken
	 */
	addFax(newFax?: NewFax): FaxView;
	/** Every fax ever received, in order of receipt, as of now. */
	faxes(): readonly FaxView[];
	/** The fax with this id, as of now. */
	findFax(id: string): FaxView | undefined;
	/** Removes all faxes and faults; restores the clock, network and switches of the startup. Keeps the request log. */
	reset(): void;
	/** Cuts every connection. Resolves once the port is free and nothing keeps the process alive. */
	close(): Promise<void>;
}

/**
 * Starts a simulator.
 * @throws TypeError if other machines can reach the host and `accounts` is not set
 * @throws the error of `net.Server` if the port is unavailable; its `code` is EADDRINUSE, for instance
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
	const {port, host, accounts, topics, requestLogLimit} = {...defaultOptions, ...options};
	if (!isLoopback(host) && options.accounts === undefined) {
		throw new TypeError(`Other machines can reach ${host}: set accounts, because the default password is public.`);
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
		// A generator of its own: network conditions must not change which ids a seed yields.
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
export type {BreakingPoint, Fault, RedirectStatus} from './faults/fault';
export type {FaultRule, Phase, PhaseSelector} from './faults/rule';
export type {FieldNames} from './faxes/metadata';
export type {NetworkConditions} from './faults/network';
export type {NewFax} from './faxes/new-fax';
export type {SimulatorAccount, SimulatorOptions, SimulatorTopic} from './api/options';
export type {LoggedRequest, RequestOutcome} from './request-log';
export type {SampleName} from './documents/samples';
export type {Switches} from './api/switches';
