const isColoured = process.stdout.isTTY && process.env.NO_COLOR === undefined;
const paint = (code) => (text) => (isColoured ? `\u001B[${code}m${text}\u001B[0m` : text);
const dim = paint(2);
const bold = paint(1);
const red = paint(31);
const looks = {
	received: paint(36),
	archived: paint(33),
	acknowledged: paint(32),
	killed: red,
	started: bold,
	listed: dim,
};

const firstColumn = 14;

/** What the demo shows, aligned in columns. */
export const screen = {
	title(text) {
		console.log(`\n${bold(text)}\n`);
	},
	step(text) {
		console.log(dim(`${text} ...`));
	},
	fact(label, value, note = '') {
		console.log(`${label.padEnd(firstColumn)}${value}${note === '' ? '' : dim(`  ${note}`)}`);
	},
	gap() {
		console.log();
	},
	sentence(text) {
		console.log(text);
	},
	error(text) {
		console.log(red(text));
	},
	stage(stage, text, note) {
		console.log(`${looks[stage](stage.padEnd(firstColumn))}${text}${note === '' ? '' : dim(`  ${note}`)}`);
	},
};
