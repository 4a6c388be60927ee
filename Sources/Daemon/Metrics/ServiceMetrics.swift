import Component
import Metrics
import Delivery
import Logging
import Publishing
import XMPP

/// What the service counts while it runs, whether or not anybody looks.
///
/// Every series is there from the beginning, so that the first error is seen as one more.
struct ServiceMetrics: Sendable {
    /// Knows what was counted.
    let registry: MetricsRegistry

    let streamsOpened: Counter
    let connectFailures: Counter
    let stanzasTurnedAway: Counter
    let stanzasSent: Counter
    let bytesSent: Counter
    let batchTime: Metrics.Timer
    let serverAnswerTime: Metrics.Timer
    let requestsUnanswered: Counter
    let readersReached: Counter
    let deliveryTime: Metrics.Timer
    let engineVerified: Counter
    private let readersSuspended: Counter
    private let stanzasReceived: [InboundKind: Counter]
    private let deliveryErrors: [StanzaError.Condition: Counter]
    private let logEntries: [Logger.Level: Counter]

    init(registry: MetricsRegistry = MetricsRegistry()) {
        self.registry = registry
        func counter(_ family: MetricFamily, _ labels: (String, String)...) -> Counter {
            Counter(label: family.name, dimensions: labels, factory: registry)
        }
        func timer(_ family: MetricFamily) -> Metrics.Timer {
            Timer(label: family.name, factory: registry)
        }
        streamsOpened = counter(.streamsOpened)
        connectFailures = counter(.connectFailures)
        stanzasTurnedAway = counter(.stanzasTurnedAway)
        stanzasSent = counter(.stanzasSent)
        bytesSent = counter(.bytesSent)
        batchTime = timer(.batchTime)
        serverAnswerTime = timer(.serverAnswerTime)
        requestsUnanswered = counter(.requestsUnanswered)
        readersReached = counter(.readersReached)
        deliveryTime = timer(.deliveryTime)
        engineVerified = counter(.engineVerified)
        readersSuspended = counter(.readersSuspended)
        stanzasReceived = Self.each(InboundKind.allCases) {
            counter(.stanzasReceived, ("kind", $0.rawValue))
        }
        deliveryErrors = Self.each(StanzaError.Condition.allCases) {
            counter(.deliveryErrors, ("condition", $0.rawValue))
        }
        logEntries = Self.each([.warning, .error, .critical]) {
            counter(.logEntries, ("level", $0.rawValue))
        }
    }

    private static func each<Key: Hashable>(
        _ keys: [Key],
        _ counter: (Key) -> Counter
    ) -> [Key: Counter] {
        Dictionary(uniqueKeysWithValues: keys.map { ($0, counter($0)) })
    }
}

extension ServiceMetrics {
    /// Counts what has arrived together, each kind once.
    func received(_ batch: [Inbound]) {
        var counts: [InboundKind: Int] = [:]
        for inbound in batch { counts[InboundKind(inbound), default: 0] += 1 }
        for (kind, count) in counts { stanzasReceived[kind]?.increment(by: count) }
    }

    /// Counts what an engine has shown to be there, or gone, as it should.
    func count(_ news: EngineNews) {
        switch news {
        case .done, .altered: engineVerified.increment()
        default: break
        }
    }

    /// Counts errors that answered deliveries.
    func cameBack(_ bounces: [Bounce]) {
        for bounce in bounces {
            deliveryErrors[bounce.error.condition]?.increment()
            if bounce.isSuspended { readersSuspended.increment() }
        }
    }

    /// Counts an entry of the log, if it is bad enough.
    func logged(_ level: Logger.Level) {
        logEntries[level]?.increment()
    }
}

/// What the server sends, as far as it is told apart when it is counted.
private enum InboundKind: String, CaseIterable {
    case iq, message, presence, unreadable, oversized

    init(_ inbound: Inbound) {
        self =
            switch inbound {
            case .stanza(.iq): .iq
            case .stanza(.message): .message
            case .stanza(.presence): .presence
            case .unreadable: .unreadable
            case .oversized: .oversized
            }
    }
}
