import {createHash} from 'node:crypto';
import should from 'should';
import {bytesOf} from '../../../simulator/documents/document';
import type {EditorPage} from '../../node-red/editor-page';
import {chain} from '../../node-red/node-red-flow';
import {until} from '../../node-red/node-red-until';
import type {Session} from './session';

/** Counts the dark pixels and all pixels of an image. Runs in the page. */
const countPixels = `(image) => {
	const canvas = document.createElement('canvas');
	canvas.width = image.naturalWidth;
	canvas.height = image.naturalHeight;
	const context = canvas.getContext('2d');
	context.drawImage(image, 0, 0);
	const {data} = context.getImageData(0, 0, canvas.width, canvas.height);
	return {dark: data.filter((value, index) => index % 4 === 0 && value < 128).length, all: data.length / 4};
}`;

/** The entries of the first list, of waiting faxes, or of the second, of faxes in the flow. */
const entries = (list: 1 | 2): string => `:nth-match(#retarus-fax-in-waiting ul, ${list}) li`;

export const describeWaitingFaxes = (session: Session): void => {
	describe('"Waiting faxes"', () => {
		let editor: EditorPage;

		before(async () => {
			// The flow holds one fax and has room for no other, so the others wait.
			const holds = {id: 'holds', type: 'debug', active: false};
			const {flows, credentials} = chain(session.simulator, {
				faxIn: {maxInFlight: 1, pollInterval: 1},
				between: [holds],
			});
			editor = await session.open({
				flows: flows.map((node) => (node.id === 'holds' ? {...node, wires: []} : node)),
				credentials,
			});
			const {simulator} = session;
			simulator.addFax({id: 'held', sample: 'order'});
			await until(simulator, () => simulator.findFax('held')?.state.kind === 'locked');
			simulator.addFax({id: 'letter', sample: 'letter', from: '+4989123456', to: '+4940654321'});
			simulator.addFax({id: 'recipe', sample: 'prescription'});
			await editor.edit('fax-in');
			await editor.find('#retarus-fax-in-look').click();
			await editor.find(entries(1)).first().waitFor();
		});

		it('lists the faxes that wait on the topic, with numbers masked until requested', async () => {
			const facts = async (): Promise<readonly string[]> =>
				editor.find(entries(1)).first().locator('b, dd').allInnerTexts();
			should(await editor.find('#retarus-fax-in-outcome').innerText()).equal(
				'Waiting: 2. Locked for one second; nothing was taken or acknowledged.',
			);
			should(await editor.find(entries(1)).count()).equal(2);
			should((await facts()).slice(0, 4)).deepEqual(['letter', '•••••••••56', '•••••••••21', '3']);
			await editor.named('Show numbers').click();
			should((await facts()).slice(0, 4)).deepEqual(['letter', '+4989123456', '+4940654321', '3']);
			await editor.named('Hide numbers').click();
			should((await facts()).slice(0, 4)).deepEqual(['letter', '•••••••••56', '•••••••••21', '3']);
		});

		it('lists the faxes that the flow holds', async () => {
			await editor.named('In the flow at the moment').waitFor();
			const held = await editor.find(entries(2)).locator('b, dd').allInnerTexts();
			should(held.slice(0, 3)).deepEqual(['held', 'with the flow', '1']);
		});

		it("shows a PDF in the browser's viewer", async () => {
			await editor.find(entries(1)).nth(0).getByRole('button').click();
			const viewer = editor.find('#retarus-fax-in-pages iframe');
			await viewer.waitFor();
			const [shown = ''] = await viewer.evaluateAll((frames) => frames.map((frame) => frame.getAttribute('src') ?? ''));
			should(shown).match(/^blob:/);
			const bytes = await editor.page.evaluate(
				async (url) => [...new Uint8Array(await (await fetch(url)).arrayBuffer())],
				shown,
			);
			const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');
			const [document] = session.simulator.findFax('letter')?.documents ?? [];
			should(document).be.ok();
			should(document && sha256(Buffer.from(bytes))).equal(document && sha256(bytesOf(document)));
		});

		it('draws a TIFF', async () => {
			await editor.find(entries(1)).nth(1).getByRole('button').click();
			const image = editor.find('#retarus-fax-in-pages img');
			await image.waitFor();
			const {dark, all} = await editor.page.evaluate<{dark: number; all: number}>(
				`(${countPixels})(document.querySelector('#retarus-fax-in-pages img'))`,
			);
			should(all).be.above(1_000_000);
			should(dark / all).be.within(0.005, 0.5);
		});

		it('locks for one second, and takes or acknowledges nothing', () => {
			should(session.simulator.requests.all().filter(({query}) => query.includes('ids='))).be.empty();
			should(
				session.simulator.requests
					.all()
					.map(({query}) => query)
					.filter((query) => query.includes('timeout=1&') || query.endsWith('timeout=1')),
			).have.length(1);
			session.simulator.clock.advance(1000);
			should(['letter', 'recipe'].map((id) => session.simulator.findFax(id)?.state.kind)).deepEqual([
				'waiting',
				'waiting',
			]);
		});
	});
};
