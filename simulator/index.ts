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
import {ControlApi} from './control-api';
import type {FaxView} from './fax';
import {FaxinApi} from './faxin-api';
import {Faults} from './faults';
import {createIdentifiers, seededRandom} from './identifiers';
import {listen} from './listener';
import {FaxIntake, type NewFax} from './new-fax';
import {defaultOptions, type SimulatorOptions} from './options';
import {RequestLog} from './request-log';
import {apiPath} from './route';
import {serve} from './server';
import {Store} from './store';
import {defaultSwitches} from './switches';

/** A running simulator. */
export interface Simulator {
	/** What a client is configured with: `http://127.0.0.1:PORT/faxin/rest/v1`. */
	readonly baseUrl: string;
	readonly port: number;
	/** Faxes lapse and are deleted by this clock. */
	readonly clock: Pick<Clock, 'now' | 'advance'>;
	readonly faults: Pick<Faults, 'add' | 'clear' | 'rules'>;
	readonly requests: Pick<RequestLog, 'all' | 'arrival' | 'count'>;
	/**
	 * Lets a fax arrive.
	 * @throws RangeError for a topic that is not served, or an id that is taken
	 */
	addFax(newFax?: NewFax): FaxView;
	/** Every fax that ever arrived, in order of receipt. */
	faxes(): readonly FaxView[];
	/** A fax as of now. */
	findFax(id: string): FaxView | undefined;
	/** Cuts every connection; resolves when the port is free and nothing is left that would keep the process. */
	close(): Promise<void>;
}

/**
 * Starts a simulator.
 * @throws when the port cannot be had, as `net.Server` does: `error.code` is e.g. EADDRINUSE
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
	const {port, host, accounts, topics, requestLogLimit} = {...defaultOptions, ...options};
	const switches = {...defaultSwitches, ...options.switches};
	const clock = new Clock(options.clock);
	const store = new Store(clock, topics.map(({name}) => name));
	const nextId = createIdentifiers(options.seed === undefined ? Math.random : seededRandom(options.seed));
	const intake = new FaxIntake(store, clock, topics[0]?.name ?? '', nextId);
	const faults = new Faults();
	const log = new RequestLog(requestLogLimit);
	const services = {
		api: new FaxinApi(store, clock, topics, switches),
		control: new ControlApi(store, intake, clock, faults),
		isControlOpen: isLoopback(host),
		accounts, store, clock, faults, log, switches,
	};
	const listener = await listen(port, host, (request, response) => serve(request, response, services));
	return {
		baseUrl: `http://${host.includes(':') ? `[${host}]` : host}:${listener.port}${apiPath}`,
		port: listener.port,
		clock,
		faults,
		requests: log,
		addFax: newFax => intake.add(newFax ?? {}),
		faxes: () => store.all(),
		findFax: id => store.find(id),
		close: () => listener.close(),
	};
}

/** Whether only this machine can reach a host. */
export function isLoopback(host: string): boolean {
	return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

export type {DocumentContent, FaxDocument, NewDocument} from './document';
export type {EntryOverrides, FaxEvent, FaxFacts, FaxState, FaxView} from './fax';
export type {BreakingPoint, Fault, FaultRule, Phase} from './faults';
export type {FieldNames} from './metadata';
export type {NewFax} from './new-fax';
export type {SimulatorAccount, SimulatorOptions, SimulatorTopic} from './options';
export type {LoggedRequest, RequestOutcome} from './request-log';
export type {SampleName} from './samples';
export type {Switches} from './switches';
