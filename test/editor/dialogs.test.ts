import should from 'should';
import {Editor} from './editor';
import {buildForm} from './form-script';

describe('The dialog of fax in', () => {
	let editor: Editor;
	before(async () => {
		editor = new Editor(await buildForm('retarus-fax-in'));
	});

	it('adds output 2, with an explanation, if failed deliveries are limited', () => {
		editor.edit(editor.drop());
		const outputs = editor.input('node-input-outputs');
		const tip = editor.element('retarus-fax-in-second-output');
		const seen = ['0', '3', '${LIMIT}', '', 'x'].map((entry) => {
			editor.input('node-input-maxDeliveries').enter(entry);
			return [entry, outputs.value, tip.hidden];
		});
		seen.should.deepEqual([
			['0', '1', true],
			['3', '2', false],
			['${LIMIT}', '2', false],
			['', '1', true],
			['x', '1', true],
		]);
	});

	it('sets the number of inputs with a checkbox, which shows the stored one', () => {
		editor.edit(editor.drop({inputs: '1'}));
		const inputPort = editor.input('retarus-fax-in-input-port');
		inputPort.checked.should.be.true();
		inputPort.tick(false);
		editor.input('node-input-inputs').value.should.equal('0');
		inputPort.tick(true);
		editor.input('node-input-inputs').value.should.equal('1');
	});

	it('shows the default in a blank number field', () => {
		editor.edit(editor.drop());
		editor.input('node-input-processingTimeout').placeholder.should.equal('300');
	});

	it('unfolds the advanced part only if a property in it was changed', () => {
		editor.edit(editor.drop({batchSize: '10'}));
		editor.element('retarus-fax-in-advanced').open.should.be.false();
		editor.edit(editor.drop({lockTimeout: '60'}));
		editor.element('retarus-fax-in-advanced').open.should.be.true();
	});

	it('preselects the only account available to the tab, and none if there are several', () => {
		editor.configNodes.push(
			{id: 'proxy', type: 'http proxy'},
			{id: 'elsewhere', type: 'retarus-account', z: 'another tab'},
			{id: 'disabled', type: 'retarus-account', d: true},
			{id: 'one', type: 'retarus-account'},
		);
		should(editor.drop().account).equal('one');
		editor.configNodes.push({id: 'two', type: 'retarus-account', z: 'tab'});
		should(editor.drop().account).equal('');
	});

	it('labels a node by its name, else its topic, else its type', () => {
		const label = (properties: Record<string, unknown>): string =>
			editor.definition.label.call(editor.drop(properties));
		should(label({name: 'Invoices', topic: 'in'})).equal('Invoices');
		should(label({topic: 'in'})).equal('in');
		should(label({})).equal('fax in');
		should(editor.definition.labelStyle?.call(editor.drop({name: 'Invoices'}))).equal('node_label_italic');
	});

	it('labels each output by what it sends', () => {
		const labels = (messagePer: string): unknown[] =>
			[0, 1].map((index) => editor.definition.outputLabels?.call(editor.drop({messagePer}), index));
		labels('fax').should.deepEqual(['fax', 'failed too often']);
		labels('document').should.deepEqual(['document', 'failed too often']);
	});
});

describe('A list in a dialog', () => {
	let editor: Editor;
	before(async () => {
		editor = new Editor(await buildForm('retarus-account'));
	});

	it('shows the text field only with its last option, whose value is the text', () => {
		const node = editor.drop();
		editor.edit(node);
		const region = editor.list('node-config-input-region');
		should(region.value).equal('de1');
		should(region.next?.hidden).be.true();

		region.choose(region.options.length - 1);
		should(region.next?.hidden).be.false();
		should(region.value).equal('${RETARUS_REGION}');
	});

	it('keeps a stored variable or an unknown value', () => {
		for (const stored of ['${MY_REGION}', 'xx9']) {
			editor.edit(editor.drop({region: stored}));
			const region = editor.list('node-config-input-region');
			should(region.value).equal(stored);
			should(region.next).have.properties({value: stored, hidden: false});
		}
	});

	it('shows the base URL only where it applies, and never clears it', () => {
		editor.edit(editor.drop({region: 'custom', baseUrl: 'http://127.0.0.1:8899/faxin/rest/v1'}));
		const region = editor.list('node-config-input-region');
		const row = editor.element('retarus-account-base-url');
		row.hidden.should.be.false();
		region.choose(0);
		row.hidden.should.be.true();
		editor.input('node-config-input-baseUrl').value.should.equal('http://127.0.0.1:8899/faxin/rest/v1');
		region.choose(region.options.length - 1);
		row.hidden.should.be.false();
	});
});

describe('The dialog of fax ack', () => {
	let editor: Editor;
	before(async () => {
		editor = new Editor(await buildForm('retarus-fax-ack'));
	});

	it('hides the guard for unguarded actions, and explains the selected action', () => {
		editor.edit(editor.drop());
		const action = editor.list('node-input-action');
		const seen = [0, 1, 2].map((index) => {
			action.choose(index);
			return [
				action.value,
				editor.element('retarus-fax-ack-guard').hidden,
				editor.element(`retarus-fax-ack-tip-${action.value}`).hidden,
			];
		});
		seen.should.deepEqual([
			['acknowledge', false, false],
			['giveBack', true, false],
			['handOver', true, false],
		]);
	});

	it('turns a checkbox into a text field for a variable, and back', () => {
		editor.edit(editor.drop({guard: true}));
		const guard = editor.input('node-input-guard');
		const [button] = guard.children;
		should([guard.type, guard.checked]).deepEqual(['checkbox', true]);
		button?.happen('click');
		should([guard.type, guard.value]).deepEqual(['text', '${RETARUS_GUARD}']);
		button?.happen('click');
		should(guard.type).equal('checkbox');
	});

	it('keeps a stored variable, and reads the text "false" as unticked', () => {
		editor.edit(editor.drop({guard: '${MY_GUARD}'}));
		should(editor.input('node-input-guard')).have.properties({type: 'text', value: '${MY_GUARD}'});
		editor.edit(editor.drop({guard: 'false'}));
		should(editor.input('node-input-guard')).have.properties({type: 'checkbox', checked: false});
	});

	it('labels the node by its action', () => {
		const labels = ['acknowledge', 'giveBack', 'handOver'].map((action) =>
			editor.definition.label.call(editor.drop({action})),
		);
		labels.should.deepEqual(['fax ack', 'give fax back', 'hand fax over']);
	});
});
