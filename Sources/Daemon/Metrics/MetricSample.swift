/// What a metric says at one moment, for one choice of its labels.
struct MetricSample: Hashable, Sendable {
    enum Value: Hashable, Sendable {
        case number(Double)
        /// How many values were at most as high as each of the bounds, and what all of them make up.
        case distribution(counts: [UInt64], count: UInt64, sum: Double)
    }

    let family: MetricFamily
    /// In the order in which they are written.
    let labels: [MetricLabel]
    let value: Value

    init(_ family: MetricFamily, _ value: Value, _ labels: [MetricLabel] = []) {
        self.family = family
        self.labels = labels
        self.value = value
    }

    init(_ family: MetricFamily, _ number: Double, _ labels: [MetricLabel] = []) {
        self.init(family, .number(number), labels)
    }

    init(_ family: MetricFamily, _ number: Int, _ labels: [MetricLabel] = []) {
        self.init(family, .number(Double(number)), labels)
    }
}

/// What tells series of one metric apart.
///
/// Never an address: there are too many of them, and they are people's.
struct MetricLabel: Hashable, Sendable {
    let name: String
    let value: String

    init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
