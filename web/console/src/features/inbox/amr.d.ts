declare module "benz-amr-recorder/src/amrnb.js" {
  const codec: () => void;
  export default codec;
}
