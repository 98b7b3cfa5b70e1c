import js from '@eslint/js';
import stylistic from '@stylistic/eslint-plugin';
import typescript from 'typescript-eslint';

/** The walls between the rooms (CONTRIBUTING.md, "The house"). */
const wall = (files, patterns) => ({
	files,
	rules: {'no-restricted-imports': ['error', {patterns}]},
});
const coreFromOutside = [
	{group: ['**/lib/*', '!**/lib/wire'], message: 'The simulator shares only the types in lib/wire.'},
	{group: ['**/nodes/**'], message: 'The simulator knows no node.'},
	{group: ['undici'], message: 'The simulator is a server.'},
];

export default typescript.config(
	{ignores: ['dist/**', 'node_modules/**', '.demo/**', 'artefacts/**', 'resources/**', '.build-*/**']},
	js.configs.recommended,
	...typescript.configs.strictTypeChecked.map(config => ({...config, files: ['**/*.ts']})),
	stylistic.configs.customize({indent: 'tab', quotes: 'single', semi: true, braceStyle: '1tbs', arrowParens: false}),
	{
		files: ['**/*.ts'],
		languageOptions: {
			parserOptions: {project: ['tsconfig.test.json', 'tsconfig.editor.json', 'tsconfig.page.json'], tsconfigRootDir: import.meta.dirname},
		},
		rules: {
			'@typescript-eslint/consistent-type-imports': 'error',
			'@typescript-eslint/no-floating-promises': 'error',
			'@typescript-eslint/no-misused-promises': 'error',
			'@typescript-eslint/restrict-template-expressions': ['error', {allowNumber: true}],
			'@typescript-eslint/switch-exhaustiveness-check': ['error', {considerDefaultExhaustiveForUnions: true}],
			'@typescript-eslint/no-unused-vars': ['error', {argsIgnorePattern: '^_'}],
			'no-console': 'error',
		},
	},
	{
		files: ['**/*.mjs', 'scripts/**'],
		languageOptions: {globals: {process: 'readonly', console: 'readonly', URL: 'readonly', Buffer: 'readonly', setTimeout: 'readonly', clearTimeout: 'readonly', fetch: 'readonly', AbortSignal: 'readonly'}},
	},
	{
		rules: {
			'@stylistic/max-len': ['error', {code: 160, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true}],
			'@stylistic/object-curly-spacing': ['error', 'never'],
			'@stylistic/operator-linebreak': ['error', 'before', {overrides: {'=': 'after'}}],
			'@stylistic/no-tabs': 'off',
			'@stylistic/quote-props': ['error', 'as-needed'],
			'max-lines': ['error', {max: 400}],
		},
	},
	wall(['lib/**/*.ts'], [
		{group: ['**/nodes/**', '**/simulator/**'], message: 'lib/ is the core: it knows no node and no simulator.'},
		{group: ['node-red', '@node-red/*'], message: 'lib/ runs without Node-RED.'},
	]),
	wall(['nodes/**/*.ts'], [
		{group: ['undici', 'node:http', 'node:https'], message: 'nodes/ knows no HTTP.'},
		{group: ['**/simulator/**'], message: 'The nodes never load the simulator.'},
	]),
	wall(['simulator/**/*.ts'], coreFromOutside),
	{
		files: ['simulator/cli.ts', 'bench/**/*.ts', 'test/scoreboard/cli.ts'],
		rules: {'no-console': 'off'},
	},
	{
		files: ['test/**/*.ts'],
		rules: {
			// should.js asserts through getters: x.should.be.true
			'@typescript-eslint/no-unused-expressions': 'off',
		},
	},
);
