/**
 * Stands in for `archiver` in the bundle: only zipped TerraformAssets need it, cdktf makes these by running its own
 * file as a program, which a bundle is not, and loading it takes longer than reading both environments.
 */
export default () => {
  throw new Error("archiver: a bundle cannot zip a TerraformAsset: got one of type ARCHIVE");
};
