// Likely mistakes, and the few habits of ours that a rule can hold. `make lint` runs it on static/ without the vendored.
import js from '@eslint/js';
import globals from 'globals';

const HABITS = {
  eqeqeq: 'error',
  curly: ['error', 'multi-line'],
  'no-var': 'error',
  'prefer-const': 'error',
  'prefer-template': 'error',
  'object-shorthand': 'error',
  'prefer-arrow-callback': 'error',
  'no-shadow': 'error',
  'no-param-reassign': 'error',
  'no-console': 'error',
  'no-alert': 'error',
  'no-eval': 'error',
  'no-implied-eval': 'error',
  'no-new-func': 'error',
  'no-script-url': 'error',
  'no-else-return': 'error',
  'no-unneeded-ternary': 'error',
  'no-promise-executor-return': 'error',
  'no-template-curly-in-string': 'error',
  'no-unmodified-loop-condition': 'error',
  'no-unreachable-loop': 'error',
  'no-self-compare': 'error',
  'no-throw-literal': 'error',
  'no-useless-return': 'off', // an empty catch says in words why nothing is to be done, and returns
  'array-callback-return': 'error',
  'consistent-return': 'off', // the type checker sees more
  'default-param-last': 'error',
  'max-depth': ['error', 3],
  'max-lines': ['error', { max: 260, skipBlankLines: true, skipComments: true }],
  'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
  complexity: ['error', 15],
  'no-restricted-properties': [
    'error',
    { property: 'innerHTML', message: 'Text is text: make elements (dom.js).' },
    { property: 'outerHTML', message: 'Text is text: make elements (dom.js).' },
    { property: 'insertAdjacentHTML', message: 'Text is text: make elements (dom.js).' },
  ],
};

export default [
  { ignores: ['static/vendor/**'] },
  { ...js.configs.recommended, files: ['static/**/*.js'] },
  {
    files: ['static/**/*.js'],
    languageOptions: { ecmaVersion: 2023, sourceType: 'module', globals: globals.browser },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: HABITS,
  },
  {
    files: ['static/kiosk/worker.js'],
    languageOptions: {
      sourceType: 'script',
      globals: { ...globals.serviceworker, VERSION: 'readonly', PAGE: 'readonly', ADDRESSES: 'readonly' },
    },
  },
  {
    files: ['tests/kiosk/faults/*.js'],
    ...js.configs.recommended,
    languageOptions: { ecmaVersion: 2023, sourceType: 'script', globals: globals.browser },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
  },
];
