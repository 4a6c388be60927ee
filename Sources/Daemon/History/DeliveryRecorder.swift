import Delivery
import Foundation
import Logging
import Storage
import Synchronization

/// Remembers how deliveries go on, and hands it out to be stored when they have ended.
///
/// What is lost if the process dies meanwhile is a part of a curve in the report.
final class DeliveryRecorder: Sendable {
    /// A curve that is complete.
    struct Finished: Sendable {
        let id: FanOutRowID
        let points: [DeliveryPoint]
    }

    private let store: Store
    private let logger: Logger
    private let curves = Mutex<[FanOutRowID: DeliveryCurve]>([:])

    init(store: Store, logger: Logger) {
        self.store = store
        self.logger = logger
    }

    /// Takes note of what is told of a delivery; what is to be stored, if that was its end.
    func note(_ event: DeliveryEvent, at date: Date) -> Finished? {
        curves.withLock { curves in
            switch event {
            case .progress(let id, let sent, _):
                curves[id, default: DeliveryCurve()].add(DeliveryPoint(at: date, sent: sent))
                return nil
            case .finished(let report):
                let id = report.fanOut.id
                let points = curves.removeValue(forKey: id)?.points ?? []
                return points.isEmpty ? nil : Finished(id: id, points: points)
            case .stuck:
                return nil
            }
        }
    }

    func store(_ curve: Finished) async {
        do {
            try await store.write { try $0.notePoints(curve.points, of: curve.id) }
        } catch {
            logger.error("A delivery's curve was not kept", metadata: ["reason": "\(error)"])
        }
    }
}
