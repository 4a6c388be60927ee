/// Several ways to do the same work, measured in turn in one run: A B C, then A B C again.
///
/// Whatever else the machine does meets all of them, so ratios can be trusted where speeds can't.
struct Contest {
    struct Contender {
        let name: String
        /// Does the work once; what it returns has to be the same for all.
        let run: () throws -> Int
    }

    struct Result {
        let name: String
        /// The median, in millions of bytes a second.
        let speed: Double
        /// The median of the ratios to the reference, round by round.
        let ratio: Double
    }

    struct WrongCount: Error, CustomStringConvertible {
        let name: String
        let expected: Int
        let found: Int

        var description: String { "\(name) came to \(found) instead of \(expected)." }
    }

    let contenders: [Contender]
    /// The one the others are compared with.
    let reference: Int
    /// How many bytes one run reads or writes.
    let byteCount: Int
    /// What each run must return.
    let expected: Int

    /// Measures; the first round only warms up.
    func run(rounds: Int) throws -> [Result] {
        var speeds = contenders.map { _ in [Double]() }
        for round in 0...rounds {
            for (index, contender) in contenders.enumerated() {
                let speed = try measure(contender)
                if round > 0 { speeds[index].append(speed) }
            }
        }
        return contenders.indices.map { index in
            Result(
                name: contenders[index].name,
                speed: median(speeds[index]),
                ratio: median(zip(speeds[index], speeds[reference]).map { $0 / $1 })
            )
        }
    }

    private func measure(_ contender: Contender) throws -> Double {
        var found = 0
        let time = try ContinuousClock().measure { found = try contender.run() }
        guard found == expected else {
            throw WrongCount(name: contender.name, expected: expected, found: found)
        }
        return Double(byteCount) / 1e6 / (time / .seconds(1))
    }

    private func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2)
            ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}
