import Foundation

// What the Swift runtime and Foundation take of memory in a program that does nothing else: the
// benchmark of the service subtracts it. It ends with its standard input.
let now = ISO8601DateFormatter().string(from: Date())
FileHandle.standardOutput.write(Data("online \(now)\n".utf8))
_ = readLine()
