#!/usr/bin/perl
use strict;
use warnings;
use JSON::PP;
use MIME::Entity;
use SOAP::Lite;

my ($url, $sender, $recipient, $text) = @ARGV;
my $ns = 'http://www.3gpp.org/ftp/Specs/archive/23_series/23.140/schema/REL-6-MM7-1-4';

sub SOAP::Transport::HTTP::Client::get_basic_credentials { return @ENV{'MM7_USER', 'MM7_PASSWORD'} }

sub element {
    my ($name, @inside) = @_;
    return SOAP::Data->name("mm7:$name")->value(ref $inside[0] ? \SOAP::Data->value(@inside) : $inside[0]);
}

my @parts = (
    MIME::Entity->build(Type => 'text/plain', Charset => 'utf-8', Encoding => 'quoted-printable',
        Id => '<text>', Data => $text // 'Hello'),
    MIME::Entity->build(Type => 'image/jpeg', Encoding => 'base64', Id => '<image>',
        Data => join '', map { chr } 0 .. 255));

my $soap = SOAP::Lite->proxy($url, timeout => 30)->autotype(0)->on_action(sub { '""' })
    ->on_fault(sub { undef })->parts([@parts]);
$soap->serializer->register_ns($ns, 'mm7');
my $som = $soap->call('mm7:SubmitReq',
    SOAP::Header->name('mm7:TransactionID')->value("perl-$$-" . time)->mustUnderstand(1),
    element('MM7Version', '6.8.0'),
    element('SenderIdentification', element('SenderAddress', element('Number', $sender))),
    element('Recipients', element('To', element('Number', $recipient))),
    element('Subject', 'picture'));

my $result = { http => ($soap->transport->code // 0) + 0 };
if (ref $som) {
    $result->{fault} = $som->faultstring if $som->fault;
    my %names = (status => 'StatusCode', text => 'StatusText', details => 'Details', message_id => 'MessageID');
    $result->{$_} = $som->valueof("//Body//$names{$_}") for keys %names;
    $result->{transaction} = $som->valueof('//Header/TransactionID');
} else {
    $result->{error} = $soap->transport->is_success ? 'answer is no SOAP' : $soap->transport->status;
}
print JSON::PP->new->canonical->ascii->encode($result), "\n";
