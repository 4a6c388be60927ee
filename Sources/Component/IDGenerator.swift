/// Makes the ids of one stream's requests, short and each one new.
///
/// The prefix is random, so that a late answer to a request of the stream before finds nobody.
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
