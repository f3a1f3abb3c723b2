// A client as the README of node-smpp suggests one: bind, send a message ten times a second, answer what comes.
const smpp = require(process.argv[2]);

let count = 0;

function start() {
  const session = smpp.connect({ url: `smpp://127.0.0.1:${process.argv[3]}`, auto_enquire_link_period: 10000 });
  let timer = null;
  session.on("connect", () => {
    session.bind_transceiver({ system_id: "node-smpp", password: "secret" }, (pdu) => {
      if (pdu.command_status !== 0) return session.close();
      timer = setInterval(() => {
        session.submit_sm({ source_addr: "15551230001", destination_addr: "15559870001", short_message: `message ${(count += 1)}` });
      }, 100);
    });
  });
  session.on("deliver_sm", (pdu) => session.send(pdu.response()));
  session.on("enquire_link", (pdu) => session.send(pdu.response()));
  session.on("unbind", (pdu) => { session.send(pdu.response()); session.close(); });
  session.on("error", () => {});
  session.on("close", () => { clearInterval(timer); setTimeout(start, 1000); });
}
start();
