import Testing
import XML
import XMPP

@Suite("Data forms (XEP-0004)")
struct DataFormTests {
    @Test("a form with everything in it survives the wire")
    func roundTrip() throws {
        let form = DataForm(
            .form,
            formType: "http://jabber.org/protocol/pubsub#node_config",
            title: "Einstellungen & <mehr>",
            instructions: "Fill in.",
            fields: [
                DataForm.Field(nil, .fixed, values: ["Section 1"]),
                DataForm.Field("title", .textSingle, label: "Title", values: ["it's"]),
                DataForm.Field("lines", .textMulti, values: ["one", "", "three"]),
                DataForm.Field(
                    "access",
                    .listSingle,
                    label: "Access",
                    values: ["open"],
                    options: [.init("open", label: "Everybody"), .init("whitelist")],
                    isRequired: true
                ),
                DataForm.Field("nothing", .listMulti, values: []),
            ]
        )
        let read = DataForm(try Element(xml: form.element.xml()))
        #expect(read == form)
        #expect(read.formType == "http://jabber.org/protocol/pubsub#node_config")
    }

    @Test("each type of form and of field has its word", arguments: DataForm.FormType.allCases)
    func types(type: DataForm.FormType) throws {
        let fields = DataForm.Field.FieldType.allCases.map {
            DataForm.Field($0.rawValue, $0, values: ["v"])
        }
        let form = DataForm(type, fields: fields)
        #expect(DataForm(try Element(xml: form.element.xml())) == form)
    }

    @Test("the form's XML is that of XEP-0004 §3")
    func xml() {
        let form = DataForm(
            .submit,
            formType: "urn:x",
            fields: [DataForm.Field("a", values: ["1", "2"])]
        )
        #expect(
            form.element.xml()
                == "<x xmlns='jabber:x:data' type='submit'>"
                + "<field var='FORM_TYPE' type='hidden'><value>urn:x</value></field>"
                + "<field var='a'><value>1</value><value>2</value></field></x>"
        )
    }

    @Test("an omitted field is nil, an empty one is there (XEP-0060 §8.2)")
    func omitted() throws {
        let form = DataForm(
            try Element(
                xml: """
                    <x xmlns='jabber:x:data' type='submit'><field var='a'/>
                    <field var='b'><value/></field></x>
                    """
            )
        )
        #expect(form["a"]?.values == [])
        #expect(form["b"]?.values == [""])
        #expect(form["c"] == nil)
        #expect(form.formType == nil)
    }

    @Test("what nobody defined is read as far as it goes")
    func odd() throws {
        let form = DataForm(
            try Element(
                xml: """
                    <x xmlns='jabber:x:data' type='dance'>words
                    <field type='colour' var='a'><value>red</value><option label='none'/></field>
                    <field><value>x</value></field>
                    <field xmlns='urn:other' var='b'><value>y</value></field></x>
                    """
            )
        )
        #expect(form.type == .form)
        #expect(form.fields.count == 2)
        #expect(form["a"] == DataForm.Field("a", values: ["red"]))
        #expect(form["b"] == nil)
    }

    @Test("of two fields with one name the first counts")
    func twice() {
        let form = DataForm(
            .submit,
            fields: [DataForm.Field("a", values: ["1"]), DataForm.Field("a", values: ["2"])]
        )
        #expect(form["a"]?.values == ["1"])
    }
}
