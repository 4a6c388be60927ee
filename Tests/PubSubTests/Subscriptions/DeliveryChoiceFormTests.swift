import PubSub
import Storage
import Testing
import XMPP

@Suite("The form of a subscription's options")
struct DeliveryChoiceFormTests {
    private func submit(_ fields: [(String, String)], type: DataForm.FormType = .submit) -> DataForm
    {
        DataForm(type, fields: fields.map { DataForm.Field($0.0, values: [$0.1]) })
    }

    private func after(_ form: DataForm, from choice: DeliveryChoice) throws -> DeliveryForm {
        var choice = choice
        try choice.apply(form, at: .distantPast)
        return choice.form
    }

    private let ours = "{urn:broadsheet:reader:0}form"
    private let body = "pubsub#include_body"

    @Test("of two fields that disagree, the one that was changed is meant")
    func disagreement() throws {
        let event = DeliveryChoice(form: .event)
        #expect(try after(submit([(ours, "event"), (body, "1")]), from: event) == .eventWithBody)
        #expect(try after(submit([(ours, "chat"), (body, "0")]), from: event) == .chat)
        let withBody = DeliveryChoice(form: .eventWithBody)
        #expect(try after(submit([(ours, "event-body"), (body, "0")]), from: withBody) == .event)
        #expect(try after(submit([(ours, "event"), (body, "1")]), from: withBody) == .event)
    }

    @Test("what is left out stays, what is unknown is ignored, and a cancelled form does nothing")
    func omissions() throws {
        let chat = DeliveryChoice(form: .chat, amount: .full)
        for form in [
            submit([]), submit([("pubsub#colour", "0")]), submit([(body, "0")]),
            submit([(ours, "event")], type: .cancel),
        ] {
            var choice = chat
            try choice.apply(form, at: .distantPast)
            #expect(choice == chat)
        }
    }

    @Test("a form that is sent back as it came changes nothing", arguments: DeliveryForm.choices)
    func roundTrip(form: DeliveryForm) throws {
        for amount in ChatAmount.allCases {
            let before = DeliveryChoice(form: form, amount: amount)
            var after = before
            var filled = before.dataForm
            filled.type = .submit
            try after.apply(filled, at: .distantPast)
            #expect(after == before)
        }
    }
}
