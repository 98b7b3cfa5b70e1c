/** The simulator's page. It loads changes every second, and right after each action of the user. */
import {Board} from './board';
import {client, Refusal} from './client';
import {Detail} from './detail';
import {find, write} from './dom';
import {FaultPanel} from './faults';
import {ClockPanel, NetworkPanel, SwitchPanel} from './knobs';
import {Requests} from './requests';
import {Sender, type Act} from './sender';
import {World} from './world';

const lookEveryMs = 1000;

const world = new World();
const connection = find('connection', HTMLElement);
let isLooking = false;
let isStale = false;

const act: Act = (work) => {
	say('');
	work().then(look, explain);
};
const detail = new Detail(
	world,
	() => {
		board.chosen = undefined;
		document.body.classList.remove('with-detail');
	},
	(name, faxId) => {
		act(() => client.addFault({name, faxId}));
	},
);
const board = new Board(world, (id) => {
	board.chosen = id;
	document.body.classList.add('with-detail');
	detail.open(id);
});
const requests = new Requests(world);
const sender = new Sender(act);
const panels = [new ClockPanel(act), new FaultPanel(act), new NetworkPanel(act), new SwitchPanel(act)];

/** Loads and draws the changes. A call during a load makes it load once more, so no change is missed. */
async function look(): Promise<void> {
	isStale = true;
	if (isLooking) {
		return;
	}
	isLooking = true;
	try {
		while (isStale) {
			isStale = false;
			const changed = await world.update();
			board.update(changed);
			draw();
			if (document.body.classList.contains('lost')) {
				document.body.classList.remove('lost');
				say('');
			}
		}
	} catch (error) {
		explain(error);
	} finally {
		isLooking = false;
	}
}

function draw(): void {
	write(find('base-url', HTMLElement), world.state?.baseUrl ?? '');
	sender.update(world);
	requests.update();
	detail.update();
	for (const panel of panels) {
		panel.update(world);
	}
}

function explain(error: unknown): void {
	if (error instanceof Refusal) {
		say(error.message);
	} else {
		document.body.classList.add('lost');
		say('The simulator does not answer. Is it still running?');
	}
}

function say(text: string): void {
	write(connection, text);
}

find('copy', HTMLButtonElement).addEventListener('click', () => {
	void navigator.clipboard.writeText(world.state?.baseUrl ?? '');
});
find('reset', HTMLButtonElement).addEventListener('click', () => {
	if (confirm('Remove all faxes and faults, and reset the clock, the network and all switches?')) {
		act(() => client.reset());
	}
});
setInterval(() => {
	board.tick();
	if (document.visibilityState === 'visible') {
		void look();
	}
}, lookEveryMs);
document.addEventListener('visibilitychange', () => {
	void look();
});
void look();
