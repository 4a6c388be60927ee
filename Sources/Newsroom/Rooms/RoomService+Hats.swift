import Component
import XML
import XMPP

/// Whether hats (XEP-0317) count, which only the room itself can tell.
extension RoomService {
    func askForHats() {
        guard let stream, rights.hasHats(in: configuration.room) else { return }
        errandQueue.yield(.discover(stream))
    }

    /// Asks the room for its features (XEP-0317 §3, XEP-0045 §6.4) until it names them, or we leave.
    func discover(on stream: any StanzaStream) async {
        var pause = Self.hatPauses.first
        let visit = visit
        while occupancy.nick != nil, self.visit == visit, knowsHats == nil {
            if let features = await features(on: stream) {
                knowsHats = features.contains(.hats)
                guard knowsHats == false else { return }
                return logger.warning(
                    "The room knows no hats (XEP-0317), so that none of them gives a role."
                )
            }
            logger.warning(
                "The room did not say whether it knows hats (XEP-0317). Until it does, none gives a role.",
                metadata: ["asked again in": "\(pause)"]
            )
            guard (try? await stopwatch.sleep(until: stopwatch.now + pause)) != nil else { return }
            pause = min(pause * 2, Self.hatPauses.longest)
        }
    }

    /// What the room says that it can; nil if it does not answer that.
    func features(on stream: any StanzaStream) async -> [Namespace]? {
        let request = IQ(
            .get,
            id: "",
            from: configuration.address,
            to: configuration.room,
            payload: Element("query", in: .discoInfo)
        )
        let reply = try? await stream.request(request, timeout: nil)
        guard let reply, reply.error == nil, let payload = reply.payload else { return nil }
        return DiscoInfo(payload).features
    }
}
