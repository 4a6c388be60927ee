import Localization
import PubSub
import Publishing
import Storage
import XML
public import XMPP

/// Subscribing by registration (XEP-0077), which some clients offer for every service.
///
/// It is the same list as everywhere: to be registered is to be subscribed, in whichever form.
public struct Registration: Sendable {
    private let desk: ReaderDesk

    public init(_ office: ReaderOffice) {
        desk = office.desk
    }

    /// Answers a request in the namespace of registration, at a contact or at the domain.
    public func answer(_ iq: IQ, at address: JID) async -> IQ {
        guard let sender = iq.from, let payload = iq.payload, payload.name == "query" else {
            return iq.reply(error: StanzaError(.badRequest))
        }
        let texts = ReaderTexts.texts(in: iq.xmlLang)
        guard !desk.service.isInRoom(sender) else {
            return iq.reply(error: StanzaError(.notAllowed, text: texts("register.room")))
        }
        do {
            let newsletter = try newsletter(at: address)
            let reader = sender.bare
            switch iq.type {
            case .get:
                return iq.reply(with: try await offer(newsletter, to: reader, texts))
            case .set where payload.child("remove") != nil:
                return try await remove(reader, from: newsletter, asked: iq, texts)
            case .set:
                try await register(reader, at: newsletter, payload, from: address)
                return iq.reply()
            case .result, .error:
                return iq.reply(error: StanzaError(.badRequest))
            }
        } catch let problem as ReaderProblem {
            return iq.reply(
                error: StanzaError(.notAcceptable, text: problem.explanation(in: texts))
            )
        } catch let error as PubSubError {
            return iq.reply(error: error.stanzaError)
        } catch {
            desk.report(error)
            return iq.reply(error: StanzaError(.internalServerError, type: .wait))
        }
    }

    private func newsletter(at address: JID) throws(ReaderProblem) -> Newsletter {
        if let own = desk.newsletters.first(where: { $0.contact == address }) { return own }
        guard desk.newsletters.count == 1 else { throw .whichNewsletter(desk.newsletters) }
        return desk.newsletters[0]
    }
}

// MARK: - Reading the settings

extension Registration {
    /// The form, and for clients without forms the one field that is to be filled in (§3.1.1).
    private func offer(
        _ newsletter: Newsletter,
        to reader: JID,
        _ texts: Texts
    ) async throws -> Element {
        let list = desk.list
        let (isRegistered, shown) = try await desk.store.read { transaction in
            let all = try list.subscriptions(of: reader, to: newsletter.allFeeds, in: transaction)
            let shown = try ShownSettings(of: reader, at: newsletter, in: list, transaction)
            return (!all.isEmpty, shown)
        }
        let form = Self.form(newsletter, shown, texts)
        return Element("query", in: .registration) {
            if isRegistered { Element("registered") }
            Element("instructions") { Self.instructions(newsletter, texts) }
            Element("misc") { shown.language }
            form.element
        }
    }

    private static func instructions(_ newsletter: Newsletter, _ texts: Texts) -> String {
        texts(
            "register.instructions",
            [
                "newsletter": newsletter.title,
                "languages": newsletter.languages.joined(separator: ", "),
            ]
        )
    }

    private static func form(
        _ newsletter: Newsletter,
        _ shown: ShownSettings,
        _ texts: Texts
    ) -> DataForm {
        DataForm(
            .form,
            formType: Namespace.registration.rawValue,
            title: newsletter.title,
            instructions: texts("register.form", ["newsletter": newsletter.title]),
            fields: [
                .init(
                    "language",
                    .listSingle,
                    label: texts("register.language"),
                    values: [shown.language],
                    options: newsletter.languages.map { .init($0) }
                ),
                .init(
                    "amount",
                    .listSingle,
                    label: texts("register.amount"),
                    values: [shown.amount.rawValue],
                    options: [
                        .init(ChatAmount.full.rawValue, label: texts("register.full")),
                        .init(ChatAmount.short.rawValue, label: texts("register.short")),
                        .init(ChatAmount.link.rawValue, label: texts("register.link")),
                    ]
                ),
                .init(
                    "translations",
                    .boolean,
                    label: texts("settings.translations"),
                    values: [shown.translations ? "1" : "0"]
                ),
                .init(
                    "welcome",
                    .boolean,
                    label: texts("register.welcome"),
                    values: ["0"]
                ),
            ]
        )
    }
}

// MARK: - Changing them

extension Registration {
    /// Subscribes in the language that was chosen, and in no other; of what somebody gets already
    /// only that is changed which the form says otherwise.
    private func register(
        _ reader: JID,
        at newsletter: Newsletter,
        _ payload: Element,
        from address: JID
    ) async throws {
        let form = payload.child("x", in: .dataForms).map(DataForm.init)
        let written = form?["language"]?.values.first ?? payload.child("misc")?.text
        let chosen = written.flatMap { $0.isEmpty ? nil : $0 }
        let amount = form?["amount"]?.values.first.flatMap(ChatAmount.init(rawValue:))
        let translations = form?["translations"]?.values.first.map(Self.isTrue)
        let list = desk.list
        let (feed, isNew, effects) = try await desk.store.write { transaction in
            let shown = try ShownSettings(of: reader, at: newsletter, in: list, transaction)
            let language = chosen ?? shown.language
            guard let feed = newsletter.feed(for: language) else {
                throw ReaderProblem.noLanguage(language, newsletter)
            }
            let isNew = try list.subscriptions(
                of: reader,
                to: newsletter.allFeeds,
                in: transaction
            ).isEmpty
            let effects = try list.apply(
                WantedSettings(feed: feed, amount: amount, translations: translations),
                to: reader,
                at: newsletter,
                changing: shown,
                in: transaction
            )
            return (feed, isNew, effects)
        }
        await desk.send(effects)
        guard isNew, form?["welcome"]?.values.first.map(Self.isTrue) == true else { return }
        guard let newest = try await desk.newestIssue(of: newsletter, among: [feed]) else { return }
        let text = newest.text(in: amount ?? .short)
        await desk.send([
            .message(
                Message(
                    .chat,
                    id: Message.freshID(),
                    from: address,
                    to: reader,
                    xmlLang: feed.language,
                    body: text
                ) {
                    Element("store", in: .hints)
                }
            )
        ])
    }

    private static func isTrue(_ value: String) -> Bool { ["1", "true"].contains(value) }

    /// Ends all the reader has, by whichever way it was begun (§3.2), at an engine too, which alone knows
    /// whether there was anything.
    private func remove(
        _ reader: JID,
        from newsletter: Newsletter,
        asked iq: IQ,
        _ texts: Texts
    ) async throws -> IQ {
        let list = desk.list
        let (left, elsewhere, effects) = try await desk.store.write { transaction in
            try list.leave(newsletter.allFeeds, as: reader, isToldOf: false, in: transaction)
        }
        await desk.send(effects)
        guard elsewhere.turnedAway.isEmpty else {
            let text = elsewhere.notes(texts).joined(separator: "\n")
            return iq.reply(error: StanzaError(.resourceConstraint, type: .wait, text: text))
        }
        guard elsewhere.isAsked || !left.isEmpty else {
            return iq.reply(error: StanzaError(.registrationRequired))
        }
        return iq.reply()
    }
}
