"""The MMS wire: MM7 of 3GPP TS 23.140, which is SOAP 1.1 with attachments in HTTP. Pure: octets in, meaning out."""
