// For the type checker alone (.ci/js): the same release's own types.
export * from 'uqr';
