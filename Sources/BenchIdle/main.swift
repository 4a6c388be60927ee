import Foundation

// What the Swift runtime and Foundation take of memory, and how often they wake up, in a program
// that does nothing else: the benchmark of the service subtracts it. One task sleeps, since with the
// first task come threads and, on Linux, libdispatch's look at them once a second. It ends with its
// standard input.
let now = ISO8601DateFormatter().string(from: Date())
FileHandle.standardOutput.write(Data("online \(now)\n".utf8))
let sleeper = Task.detached { try? await Task.sleep(for: .seconds(86_400)) }
_ = readLine()
sleeper.cancel()
