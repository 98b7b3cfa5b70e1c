import {existsSync} from 'node:fs';
import {join} from 'node:path';
import should from 'should';
import {accountDefaults, faxAckDefaults, faxInDefaults} from '../../lib/node-config';
import manifest from '../../package.json';
import {Editor} from './editor';
import type {NodeType} from './form-script';
import {buildForm, elementsOf, nodeTypes, root} from './form-script';

const expected: Record<
	NodeType,
	{category: string; defaults: object; inputs: number | undefined; outputs: number | undefined}
> = {
	'retarus-account': {category: 'config', defaults: accountDefaults, inputs: undefined, outputs: undefined},
	'retarus-fax-in': {category: 'network', defaults: faxInDefaults, inputs: 0, outputs: 1},
	'retarus-fax-ack': {category: 'network', defaults: faxAckDefaults, inputs: 1, outputs: 1},
};

for (const type of nodeTypes) {
	describe(`The editor part of ${type}`, () => {
		let editor: Editor;
		before(async () => {
			editor = new Editor(await buildForm(type));
		});

		it('registers its type, category and ports', () => {
			editor.registered.should.deepEqual([type]);
			const {category, inputs, outputs} = editor.definition;
			should({category, inputs, outputs}).deepEqual({
				category: expected[type].category,
				inputs: expected[type].inputs,
				outputs: expected[type].outputs,
			});
		});

		it('has the properties and defaults of the runtime', () => {
			const defaults = Object.fromEntries(
				Object.entries(editor.definition.defaults).map(([name, {value}]) => [name, value]),
			);
			defaults.should.deepEqual(expected[type].defaults);
		});

		it('has one field and one label for each property and credential', () => {
			const ids = elementsOf(editor.form.html).map(({id}) => id);
			for (const [name, {label}] of editor.definitions) {
				ids.filter((id) => id === `${editor.prefix}-${name}`).should.have.length(1, `${name} has no field`);
				should(label).be.a.String().and.not.be.empty();
			}
		});

		it('has a template with unique ids, whose labels belong to fields', () => {
			editor.form.html.should.startWith(`<script type="text/html" data-template-name="${type}">`);
			const ids = elementsOf(editor.form.html).map(({id}) => id);
			new Set(ids).size.should.equal(ids.length);
			for (const [, target = ''] of editor.form.html.matchAll(/<label [^>]*?for="([^"]+)"/g)) {
				ids.should.containEql(target);
			}
		});

		it('accepts text in number fields, so that a variable can be typed', () => {
			editor.form.html.should.not.containEql('type="number"');
		});

		it('hard-codes no colour in the form', () => {
			editor.form.html.should.not.match(/#[0-9a-f]{3,6}\b|\b(rgb|hsl)a?\(|color:/i);
		});

		it('registers with literals, which the Node-RED scorecard can read statically', () => {
			editor.form.script.should.match(new RegExp(`RED\\.nodes\\.registerType\\("${type}",\\{`));
			editor.form.script.should.containEql(',defaults:{');
		});

		it('has an icon if it appears on the canvas', () => {
			const {icon} = editor.definition;
			if (type !== 'retarus-account') {
				should(icon).equal(`${type}.svg`);
				existsSync(join(root, 'icons', `${type}.svg`)).should.be.true();
			}
		});
	});
}

describe('The scripts of the forms', () => {
	it('look up texts under the name of the package', async () => {
		const {script} = await buildForm('retarus-account');
		script.should.containEql(`"${manifest.name}"`);
	});
});
