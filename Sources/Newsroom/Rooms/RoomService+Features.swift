import Commands
import Component
import XML
import XMPP

/// What the room makes sure of, which only the room itself can tell: hats (XEP-0317) and the ids of
/// its occupants (XEP-0421). A room that does not know them hands on what people have written.
extension RoomService {
    /// Whether the room says that it knows hats, and so lets nobody put one on; nil until it says.
    var knowsHats: Bool? { features?.contains(.hats) }

    /// What the occupant may do.
    func role(of occupant: Occupant?) -> Role {
        var occupant = occupant
        if knowsHats != true { occupant?.hats = [] }
        return rights.role(of: occupant, in: configuration.room)
    }

    /// By which the room knows the occupant; nil if it does not give such ids.
    func vouchedID(of occupant: Occupant?) -> String? {
        features?.contains(.occupantID) == true ? occupant?.occupantID : nil
    }

    /// Asks once in a visit, as soon as something hangs on the answer.
    func askForFeatures() {
        let matters = rights.hasHats(in: configuration.room) || occupancy.showsIDs
        guard let stream, occupancy.nick != nil, matters, askedInVisit != visit else { return }
        askedInVisit = visit
        errandQueue.yield(.discover(stream))
    }

    /// Asks the room for its features (XEP-0045 §6.4) until it names them, or we leave.
    func discover(on stream: any StanzaStream) async {
        var pause = Self.featurePauses.first
        let visit = visit
        while occupancy.nick != nil, self.visit == visit, features == nil {
            if let found = await readFeatures(on: stream) {
                guard self.visit == visit else { return }
                features = found
                return warnOfHats()
            }
            logger.warning(
                "The room did not say what it knows. Until it does, no hat gives a role, and people without a shown address can't approve.",
                metadata: ["asked again in": "\(pause)"]
            )
            guard (try? await stopwatch.sleep(until: stopwatch.now + pause)) != nil else { return }
            pause = min(pause * 2, Self.featurePauses.longest)
        }
    }

    private func warnOfHats() {
        guard knowsHats == false, rights.hasHats(in: configuration.room) else { return }
        logger.warning("The room knows no hats (XEP-0317), so that none of them gives a role.")
    }

    /// What the room says that it can; nil if it does not answer that.
    private func readFeatures(on stream: any StanzaStream) async -> [Namespace]? {
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
