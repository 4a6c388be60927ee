import Component
import Delivery
import Foundation
import XML
import XMPP

/// What the server is asked.
extension ServerVisit {
    /// How far the server's clock may be from ours.
    private static let clockTolerance: TimeInterval = 60

    func examine(_ stream: any StanzaStream) async -> [Diagnosis] {
        let server = configuration.stream.server
        let accepted = Diagnosis(
            "server",
            .fine,
            "\(server) accepts us as \(configuration.domain)."
        )
        let engines = EngineExamination(newsletters: configuration.newsletters.map(\.newsletter)) {
            try await stream.request($0)
        }
        return [
            security, accepted, await ping(stream), await disco(stream), await clock(stream),
            await age(stream),
        ] + (await multicast(stream)) + (await engines.diagnoses())
    }

    /// That there is a stream at all says the rest.
    private var security: Diagnosis {
        switch configuration.stream.security {
        case .tls: Diagnosis("TLS", .fine, "The server speaks it, and its certificate is trusted.")
        case .plain: Diagnosis("TLS", .skipped, "It is not asked for: 'component.tls' is off.")
        }
    }

    /// Whoever is asked for pings should be a server (XEP-0030).
    private func disco(_ stream: any StanzaStream) async -> Diagnosis {
        let target = configuration.stream.pingTarget
        let step = "server's services"
        let answer = await ask(target, Element("query", in: .discoInfo), stream)
        let found = answer?.error == nil ? answer?.payload.map { DiscoInfo($0).identities } : nil
        guard let server = found?.first(where: { $0.category == "server" }) else {
            return Diagnosis(
                step,
                .warning,
                "\(target) does not say that it is a server. Compare 'component.server_domain' with the "
                    + "server's own domain."
            )
        }
        return Diagnosis(
            step,
            .fine,
            "\(target) is a server" + (server.name.map { ": \($0)." } ?? ".")
        )
    }

    func ask(
        _ address: JID?,
        _ payload: Element,
        _ stream: any StanzaStream
    ) async -> IQ? {
        let question = IQ(
            .get,
            id: "",
            from: configuration.domain,
            to: address,
            payload: payload
        )
        return try? await stream.request(question)
    }

    /// A delivery waits for such answers.
    private func ping(_ stream: any StanzaStream) async -> Diagnosis {
        let target = configuration.stream.pingTarget
        let step = "answers to pings"
        guard await ask(target, Element("ping", in: .ping), stream) != nil else {
            return Diagnosis(
                step,
                .failed,
                "\(target) does not answer pings, so that deliveries would wait. Set "
                    + "'component.server_domain' to the server's own domain."
            )
        }
        return Diagnosis(step, .fine, "\(target) answers.")
    }

    /// XEP-0012 §4: what is acknowledged by a server that still runs is not sent again.
    private func age(_ stream: any StanzaStream) async -> Diagnosis {
        let target = configuration.stream.pingTarget
        let step = "server's age"
        let age = ServerAge(
            domain: configuration.domain,
            target: target,
            settings: configuration.delivery
        )
        guard (try? await age.ask(on: stream)) != nil else {
            return Diagnosis(
                step,
                .warning,
                "\(target) does not tell since when it runs, so that deliveries go back by "
                    + "'delivery.rewind' after each stream that was lost. Load mod_uptime in Prosody, "
                    + "mod_last in ejabberd."
            )
        }
        return Diagnosis(step, .fine, "\(target) tells since when it runs.")
    }

    /// XEP-0033; only if it is to be used.
    private func multicast(_ stream: any StanzaStream) async -> [Diagnosis] {
        guard configuration.delivery.multicast == .auto else { return [] }
        let step = "multicast service"
        let target = configuration.stream.pingTarget
        let search = MulticastSearch(
            domain: configuration.domain,
            server: target,
            settings: configuration.delivery
        )
        switch try? await search.find(on: stream) {
        case .there(let service)?:
            let (address, most) = (service.address, service.mostAddresses)
            return [Diagnosis(step, .fine, "\(address) writes to up to \(most) readers at once.")]
        case .unclear?, nil:
            let text = "Whether there is one was not answered in time. Run doctor again later."
            return [Diagnosis(step, .warning, text)]
        case .missing?:
            let text =
                "\(target) offers none, so that readers are written to one by one. Load mod_multicast in "
                + "ejabberd, or set 'delivery.multicast' to off."
            return [Diagnosis(step, .warning, text)]
        }
    }

    /// XEP-0202; a server that does not tell its time is no worse for it.
    private func clock(_ stream: any StanzaStream) async -> Diagnosis {
        let target = configuration.stream.pingTarget
        let answer = await ask(target, Element("time", in: .entityTime), stream)
        let text = answer?.payload?.child("utc")?.text
        guard let text, let time = DateTime(text)?.date else {
            return Diagnosis("server's clock", .skipped, "\(target) does not tell its time.")
        }
        let difference = abs(time.timeIntervalSinceNow)
        guard difference > Self.clockTolerance else {
            return Diagnosis("server's clock", .fine, "It agrees with ours.")
        }
        return Diagnosis(
            "server's clock",
            .warning,
            "It differs from ours by \(Int(difference)) seconds. Let both machines follow NTP."
        )
    }
}
