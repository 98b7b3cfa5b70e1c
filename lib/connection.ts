/** One way to the service: a client with its credentials, and the gate that a 401 or a Retry-After shuts for all that goes this way. */
import type {Gate} from './pacing';
import type {Service} from './service';

export interface Connection {
	readonly service: Service;
	readonly gate: Gate;
}
