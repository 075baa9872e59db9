/** Ends the process in good order, once, when it is asked to. */
export function endOnSignals(close: () => Promise<void>): void {
  let ending = false
  const end = () => {
    if (ending) return
    ending = true
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`)
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
  // A parent that dies closes our standard input, however it died.
  if (process.argv.includes('--with-parent')) process.stdin.once('end', end).once('error', end).resume()
}
