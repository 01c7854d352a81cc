// js-libp2p wants Node.js 22; what it uses of that, for those who have 20.
Promise.withResolvers ??= function () {
  let resolve, reject
  const promise = new Promise((onValue, onError) => { resolve = onValue; reject = onError })
  return { promise, resolve, reject }
}
