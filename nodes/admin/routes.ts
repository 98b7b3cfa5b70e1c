/** Adds the routes that the dialogs call: once per node type, not once per node, because a route cannot be removed. */
import type {NodeAPI} from '@node-red/registry';
import type {Request, RequestHandler, Response} from 'express';
import {isOwnPage} from './own-page';

export interface Route {
	readonly method: 'get' | 'post';
	readonly path: string;
	/** A permission of `adminAuth`. */
	readonly permission: string;
	readonly handle: (request: Request, response: Response) => Promise<void>;
}

export const addRoute = (RED: NodeAPI, {method, path, permission, handle}: Route): void => {
	const guarded: RequestHandler = (request, response) => {
		response.setHeader('Cache-Control', 'no-store');
		response.setHeader('X-Content-Type-Options', 'nosniff');
		if (!isOwnPage(request.headers)) {
			response.sendStatus(403);
			return;
		}

		handle(request, response).catch((error: unknown) => {
			RED.log.error(error instanceof Error ? error.message : String(error));
			response.sendStatus(500);
		});
	};
	// With `httpAdminRoot: false` there is no `httpAdmin` to add routes to.
	const admin: Partial<NodeAPI['httpAdmin']> = RED.httpAdmin;
	admin[method]?.(path, RED.auth.needsPermission(permission), guarded);
};
