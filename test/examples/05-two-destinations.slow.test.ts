import {mkdirSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import 'should';
import {bytesOf} from '../../simulator/documents/document';
import type {FaxView} from '../../simulator';
import {isFiled, listings} from './counterparts/stage';
import {describeExample} from './counterparts/staged';
import {WebService} from './counterparts/web-service';
import {isAcknowledged} from '../node-red/node-red-until';

const name = '05 - Two destinations, one acknowledgement';

describeExample(name, {}, (stage) => {
	let uploads: Map<string, Buffer>;
	let isHealthy: boolean;
	let service: WebService;

	beforeEach(async () => {
		uploads = new Map();
		isHealthy = true;
		service = new WebService(({method, path, body}) => {
			if (!isHealthy) {
				return [503];
			}

			uploads.set(`${method} ${path}`, body);
			return [201];
		});
		await service.open();
	});

	afterEach(() => service.close());

	const isUploaded = (fax: FaxView): boolean =>
		fax.documents.every((document) => uploads.get(`PUT /inbox/${document.name}`)?.equals(bytesOf(document)) ?? false);
	const isInBoth = (fax: FaxView): boolean => isUploaded(fax) && isFiled(fax, stage().folder);

	const deploy = async (): Promise<void> => {
		stage().watch(isInBoth);
		await stage().deploy(name, {FAX_FOLDER: stage().folder, UPLOAD_URL: `${service.origin}/inbox/`});
	};

	it('acknowledges a fax once all its documents are in both places', async () => {
		for (const sample of ['order', 'notes', 'letter', 'notes', 'prescription'] as const) {
			stage().addFax({sample});
		}

		await deploy();
		await stage().untilAllAcknowledged();
		stage().early.should.be.empty();
		stage().simulator.faxes().every(isInBoth).should.be.true();
	});

	it('acknowledges no fax that either destination refuses, until both have accepted it', async () => {
		isHealthy = false;
		const fax = stage().addFax({sample: 'notes'});
		await deploy();
		await stage().passUntil(() => listings(fax) > 1 && isFiled(fax, stage().folder));
		isAcknowledged(fax).should.be.false();

		// Now the folder refuses instead.
		isHealthy = true;
		rmSync(stage().folder, {recursive: true});
		writeFileSync(stage().folder, 'A file where the folder should be.');
		await stage().passUntil(() => isUploaded(fax));
		await stage().pass(60_000);
		isAcknowledged(fax).should.be.false();

		rmSync(stage().folder);
		await stage().untilAllAcknowledged();
		stage().early.should.be.empty();
	});

	it('acknowledges no fax while the upload is unreachable or the disk is full', async () => {
		await service.close();
		const fax = stage().addFax({sample: 'notes'});
		mkdirSync(stage().folder);
		const path = join(stage().folder, fax.documents[0]?.name ?? '');
		symlinkSync('/dev/full', path);
		await deploy();
		await stage().passUntil(() => listings(fax) > 1);
		await service.open();
		await stage().passUntil(() => isUploaded(fax));
		await stage().pass(60_000);
		isAcknowledged(fax).should.be.false();

		rmSync(path);
		await stage().untilAllAcknowledged();
		stage().early.should.be.empty();
	});
});
