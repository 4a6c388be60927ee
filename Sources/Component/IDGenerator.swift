/// Makes the ids of our requests: short, and never twice in the life of a process.
///
/// The prefix is random, so that an answer to the process before this one finds nobody.
struct IDGenerator {
    private let prefix: String
    private var count: UInt64 = 0

    init(using generator: inout some RandomNumberGenerator) {
        prefix = String(UInt32.random(in: 0x1000_0000 ... .max, using: &generator), radix: 36)
    }

    mutating func next() -> String {
        count += 1
        return "\(prefix)-\(String(count, radix: 36))"
    }
}
