/** unmask.wat, assembled (`npm run wat`), in base64. */
export const WASM =
  'AGFzbQEAAAABBgFgAn9/AAMCAQAFAwEAAgcTAgZtZW1vcnkCAAZ1bm1hc2sAAAo0ATICAX8BeyAB/REhAwJAA0AgAiAATw0BIAIgAv0ABAAgA/' +
  '1R/QsEACACQRBqIQIMAAsLCw=='
