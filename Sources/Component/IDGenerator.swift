/// Makes the ids of our requests: short, and never twice in the life of a process.
///
/// The prefix is random, so that an answer to the process before this one finds nobody.
struct IDGenerator {
    private let prefix: String
    private var count: UInt64 = 0

    init(seed: UInt32 = .random(in: 0x1000_0000 ... .max)) {
        prefix = String(seed, radix: 36)
    }

    mutating func next() -> String {
        count += 1
        return "\(prefix)-\(String(count, radix: 36))"
    }
}
