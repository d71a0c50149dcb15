"""A mail server of another maker (aiosmtpd) for the courier's tests.

Prints its port, then a JSON line for each mail. Takes mails from whoever speaks TLS and is signed in to.

    smtp.py starttls|implicit CERTIFICATE KEY
"""

import asyncio
import json
import ssl
import sys
from email import message_from_bytes, policy

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


class Desk:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 no such person"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 noted"

    async def handle_DATA(self, server, session, envelope):
        mail = message_from_bytes(envelope.content, policy=policy.default)
        said = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "subject": mail["Subject"],
            "message_id": mail["Message-ID"],
            "key": mail["X-Noroshi-Key"],
            "text": mail.get_content(),
        }
        print(json.dumps(said), flush=True)
        return "250 2.0.0 taken"


def sign_in(server, session, envelope, mechanism, data):
    known = LoginPassword(b"noroshi", b"pass word")
    return AuthResult(success=data == known, handled=False)


async def main(how, certificate, key):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    starttls = how == "starttls"
    terms = {"authenticator": sign_in, "auth_required": True}
    terms |= {"tls_context": context, "require_starttls": True} if starttls else {"auth_require_tls": False}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Desk(), loop=loop, **terms), "127.0.0.1", 0, ssl=None if starttls else context
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main(*sys.argv[1:4]))
