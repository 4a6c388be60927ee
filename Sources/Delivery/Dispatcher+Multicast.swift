import Component
import Foundation
import Logging
import Storage
import XMPP

/// Which multicast service there is on a stream.
enum KnownMulticast: Hashable, Sendable {
    case unknown
    case there(MulticastService)
    /// There was none, or it was given up, by the steady time.
    case missing(since: Date)
    /// Whoever was asked did not answer in time.
    case unclear(since: Date)
}

/// Writing to many at once (XEP-0033), and going back to one by one when that does not work.
extension Dispatcher {
    /// How long a service that is missing is not looked for, in seconds.
    private static let patience: TimeInterval = 600
    /// How long nobody is asked again who was silent, in seconds: all deliveries wait for the answer.
    private static let pause: TimeInterval = 60

    /// How the messages of a fan-out go out.
    struct MulticastDecision {
        var sharesIDs = false
        var service: MulticastService?
    }

    /// Decides how a fan-out goes out on this stream, and keeps for ever whether its readers share ids.
    ///
    /// What was begun singly stays so, or second copies would have other ids than the first.
    func decideMulticast(
        for fanOut: FanOutRecord,
        _ variants: [VariantRecord],
        on stream: any StanzaStream
    ) async throws -> MulticastDecision {
        switch fanOut.multicast {
        case .single:
            return MulticastDecision()
        case .through(let known):
            // What was given up once would only be refused again, on each stream anew.
            guard settings.multicast == .auto, fanOut.multicastEnd == nil,
                singleFrom[fanOut.id] == nil,
                let service = try await findMulticast(on: stream)
            else { return MulticastDecision(sharesIDs: true) }
            if service.address != known {
                try await keep(.through(service.address), of: fanOut.id)
            }
            return MulticastDecision(sharesIDs: true, service: service)
        case nil:
            guard settings.multicast == .auto else { return MulticastDecision() }
            let isWorthIt = variants.contains { isWorthMulticast($0) }
            guard isWorthIt, let service = try await findMulticast(on: stream) else {
                try await keep(.single, of: fanOut.id)
                return MulticastDecision()
            }
            try await keep(.through(service.address), of: fanOut.id)
            return MulticastDecision(sharesIDs: true, service: service)
        }
    }

    private func isWorthMulticast(_ variant: VariantRecord) -> Bool {
        let message = DeliveryVariant(variant)
        return message.takesAddresses && message.size >= settings.multicastBytes
    }

    private func keep(_ use: MulticastUse, of fanOut: FanOutRowID) async throws {
        try await persistently("store how a delivery goes out") { store in
            try await store.write { try $0.setMulticast(use, of: fanOut) }
        }
    }

    /// Keeps, before it happens, that something is handed to the service: it is said at the end.
    func noteMulticastUse(of fanOut: FanOutRecord) async throws {
        guard !fanOut.usedMulticast, !usedMulticast.contains(fanOut.id) else { return }
        try await persistently("store that a delivery goes to many at once") { store in
            try await store.write { try $0.noteMulticastUse(of: fanOut.id) }
        }
        usedMulticast.insert(fanOut.id)
    }

    /// The service, if it is there now.
    private func findMulticast(on stream: any StanzaStream) async throws -> MulticastService? {
        switch multicast {
        case .missing(let date) where abs(time.now.timeIntervalSince(date)) < Self.patience:
            return nil
        case .unclear(let date) where abs(time.now.timeIntervalSince(date)) < Self.pause:
            return nil
        case .there(let service):
            // Busy with another issue it would be long in answering, and the first batch asks it anyway.
            return service
        case .unknown, .missing, .unclear:
            break
        }
        switch try await multicastSearch.find(on: stream) {
        case .there(let service):
            multicast = .there(service)
            refusals.service = service.address
            hasMissedMulticast = false
            logger.info(
                "Large issues go through the server's multicast service",
                metadata: [
                    "service": "\(service.address)", "addresses": "\(service.mostAddresses)",
                ]
            )
            return service
        case .unclear:
            multicast = .unclear(since: time.now)
            logger.notice(
                """
                Whether the server has a multicast service (XEP-0033) was not answered in time, so readers of \
                this issue are written to one by one. It is asked again for others, after a minute.
                """,
                metadata: ["server": "\(barrier.target)"]
            )
        case .missing:
            multicast = .missing(since: time.now)
            guard !hasMissedMulticast else { return nil }
            hasMissedMulticast = true
            logger.notice(
                """
                The server offers no multicast service (XEP-0033), so readers are written to one by one. \
                Load mod_multicast in ejabberd, or set delivery.multicast to off.
                """,
                metadata: ["server": "\(barrier.target)"]
            )
        }
        return nil
    }

    /// Writes to all singly from now on, beginning with those of whom the service has not said that it
    /// has sent their copies.
    ///
    /// Who has one gets a second, with the same id.
    func giveUpMulticast(
        _ reason: MulticastEnd,
        _ window: inout BarrierWindow,
        _ rotation: inout Rotation,
        _ messages: inout MessageWriter
    ) async throws {
        let dropped = window.dropMulticast()
        // An old issue is written singly by now, and has batches under way that are not.
        let affected = dropped.union(messages.writeSingly())
        let (words, ends) = ("\(reason)", affected.map { ($0, window.end(of: $0)) })
        let places = try await persistently("go back in a delivery") { store in
            try await store.write { transaction in
                try ends.map { fanOut, end in
                    try transaction.endMulticast(of: fanOut, words)
                    return (fanOut, end: try end ?? transaction.fanOut(fanOut)?.cursor ?? .start)
                }
            }
        }
        for (fanOut, end) in places {
            singleFrom[fanOut] = SinglePlace(end: end, isBehindLoss: dropped.contains(fanOut))
            guard dropped.contains(fanOut) else { continue }
            rotation.goBack(to: end, of: fanOut)
            messages.forgetReaders(of: fanOut)
        }
        multicast = .missing(since: time.now)
        guard !affected.isEmpty else { return }
        logger.warning(
            "The multicast service is not used any more; readers are written to one by one",
            metadata: ["service": "\(refusals.service?.description ?? "")", "reason": "\(words)"]
        )
    }

    /// Sees to it that those get their copies whose service has refused them.
    func takeRefusals(
        _ window: inout BarrierWindow,
        _ rotation: inout Rotation,
        _ messages: inout MessageWriter
    ) async throws {
        let refused = try await readersOf(refusals.takeAll())
        guard let reason = refused.first?.reason else { return }
        try await giveUpMulticast(.refused(reason), &window, &rotation, &messages)
        let (ends, known) = (window, singleFrom)
        let (date, domain) = (now(), Array(barrier.target.domainpart.utf8))
        let count = try await persistently("note what was refused") { store in
            try await store.write { transaction in
                try refused.reduce(0) { count, refused in
                    let (readers, single) = (refused.readers, known[refused.readers.fanOut])
                    try transaction.endMulticast(
                        of: readers.fanOut,
                        "\(MulticastEnd.refused(refused.reason))"
                    )
                    if single?.hasTakenBack(readers) == true { return count }
                    let place =
                        try single?.end ?? ends.end(of: readers.fanOut)
                        ?? transaction.fanOut(readers.fanOut)?.cursor ?? .start
                    return try count
                        + transaction.retryRefused(
                            readers,
                            upTo: place,
                            at: domain,
                            refused.condition,
                            date
                        )
                }
            }
        }
        guard count > 0 else { return }
        logger.notice("Who may have been refused is tried again", metadata: ["readers": "\(count)"])
        hasNews = true
    }

    private typealias RefusedStanza = (
        readers: RefusedReaders, reason: String, condition: StanzaError.Condition
    )

    /// To whom it was that was refused, each group once; nothing of what is none of ours.
    private func readersOf(
        _ refusals: [MulticastRefusals.Refusal]
    ) async throws -> [RefusedStanza] {
        guard !refusals.isEmpty else { return [] }
        return try await persistently("read what was refused") { store in
            try await store.read { transaction in
                var (known, all): (Set<RefusedReaders>, [RefusedStanza]) = ([], [])
                for refusal in refusals {
                    if let readers = try transaction.refusal(of: refusal.id, by: refusal.service),
                        known.insert(readers).inserted
                    {
                        all.append((readers, refusal.reason, refusal.condition))
                    }
                }
                return all
            }
        }
    }
}

/// From where a fan-out is written to singly again.
struct SinglePlace: Hashable, Sendable {
    /// The last reader of whom the service had said that their copy is sent.
    let end: SubscriptionRowID
    /// Whether stanzas to others behind that one were handed to the service, and written off.
    let isBehindLoss: Bool

    /// Whether it is others behind that place to whom it was that was refused, so that all of those
    /// who share its id and stand before it have theirs.
    ///
    /// A service that does one thing after the other refuses before it answers.
    func hasTakenBack(_ readers: RefusedReaders) -> Bool {
        isBehindLoss && readers.sharers.upperBound > end.rawValue
    }
}

extension FanOutRecord {
    /// What the log says of how it went out.
    var multicastMetadata: Logger.Metadata {
        guard let service = usedService else { return [:] }
        return ["through": "\(service)\(multicastEnd.map { ", until \($0)" } ?? "")"]
    }
}
