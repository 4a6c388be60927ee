import Foundation
import Testing

@Suite("XEP-0060 §12: what is left after a restart")
struct RestartTests {
    @Test("subscriptions, items, counts and what was going out are all there after a restart")
    func restart() async throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(component: "pubsub-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let stage = try await Stage(path: folder.appending(component: "broadsheet.sqlite").path)
        try await conversation(
            with: "news.verona.lit",
            on: stage,
            """
            romeo > <iq type='set' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                      <subscribe node='verse' jid='romeo@verona.lit'/></pubsub></iq>
            romeo < <iq type='result' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                      <subscription node='verse' jid='romeo@verona.lit'
                        subscription='subscribed'><subscribe-options/></subscription></pubsub></iq>
            editor > <publish xmlns='urn:test:inside' node='verse' id='1' hold='true'/>
            editor < <started xmlns='urn:test:inside' readers='1'/>
            editor > <restart xmlns='urn:test:inside'/>
            romeo  < nothing
            editor > <deliver xmlns='urn:test:inside'/>
            romeo < <message id='*' xml:lang='en'>
                      <event xmlns='http://jabber.org/protocol/pubsub#event'><items node='verse'>
                        <item id='1' publisher='verse@news.verona.lit'>
                          <verse xmlns='urn:verse'/></item></items></event></message>
            romeo > <iq type='get' id='2'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                      <subscriptions/></pubsub></iq>
            romeo < <iq type='result' id='2'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                      <subscriptions><subscription node='verse' jid='romeo@verona.lit'
                        subscription='subscribed'/></subscriptions></pubsub></iq>
            romeo > <iq type='get' id='3'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                      <items node='verse'/></pubsub></iq>
            romeo < <iq type='result' id='3'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                      <items node='verse'><item id='1' publisher='verse@news.verona.lit'>
                        <verse xmlns='urn:verse'/></item></items></pubsub></iq>
            """
        )
        try await count(is: 1, on: stage)
        try await conversation(
            with: "news.verona.lit",
            on: stage,
            """
            romeo > <iq type='set' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                      <unsubscribe node='verse' jid='romeo@verona.lit'/></pubsub></iq>
            romeo < <iq type='result' id='1'/>
            """
        )
        try await count(is: 0, on: stage)
        try await conversation(
            with: "news.verona.lit",
            on: stage,
            "editor > <restart xmlns='urn:test:inside'/>"
        )
        try await count(is: 0, on: stage)
    }

    private func count(is count: Int, on stage: Stage) async throws {
        try await conversation(
            with: "news.verona.lit",
            on: stage,
            """
            romeo > <iq type='get' id='1'>
                      <query xmlns='http://jabber.org/protocol/disco#info' node='verse'/></iq>
            romeo < <iq type='result' id='1'>
                      <query xmlns='http://jabber.org/protocol/disco#info' node='verse'>
                        <identity category='pubsub' type='leaf' name='Verse'/>
                        <feature var='http://jabber.org/protocol/pubsub'/>
                        <feature var='http://jabber.org/protocol/disco#info'/>
                        <feature var='http://jabber.org/protocol/disco#items'/>
                        <x xmlns='jabber:x:data' type='result'>
                          <field var='FORM_TYPE' type='hidden'><value>*</value></field>
                          <field var='pubsub#title' type='text-single'><value>*</value></field>
                          <field var='pubsub#description' type='text-single'>
                            <value>*</value></field>
                          <field var='pubsub#language' type='text-single'><value>*</value></field>
                          <field var='pubsub#type' type='text-single'><value>*</value></field>
                          <field var='pubsub#creation_date' type='text-single'>
                            <value>2026-11-21T08:00:00Z</value></field>
                          <field var='pubsub#num_subscribers' type='text-single'>
                            <value>\(count)</value></field>
                          <field var='pubsub#max_items' type='text-single'>
                            <value>*</value></field>
                          <field var='pubsub#access_model' type='list-single'>
                            <value>*</value></field>
                          <field var='pubsub#publish_model' type='list-single'>
                            <value>*</value></field>
                          <field var='pubsub#creator' type='jid-single'><value>*</value></field>
                          <field var='pubsub#owner' type='jid-multi'><value>*</value></field>
                        </x></query></iq>
            """
        )
    }
}
