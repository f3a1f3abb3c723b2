#!/usr/bin/perl
use strict;
use warnings;
use JSON::PP;
use MIME::Entity;
use SOAP::Lite;

my ($url, $consumer, $business, $text, $layout) = @ARGV;
my $ns = 'http://www.3gpp.org/ftp/Specs/archive/23_series/23.140/schema/REL-6-MM7-1-4';

sub SOAP::Transport::HTTP::Client::get_basic_credentials { return @ENV{'MM7_USER', 'MM7_PASSWORD'} }

sub element {
    my ($name, @inside) = @_;
    return SOAP::Data->name("mm7:$name")->value(ref $inside[0] ? \SOAP::Data->value(@inside) : $inside[0]);
}

my @parts = (
    MIME::Entity->build(Type => 'text/plain', Charset => 'utf-8', Encoding => 'quoted-printable',
        Id => '<text>', Data => $text),
    MIME::Entity->build(Type => 'image/gif', Encoding => 'base64', Id => '<image>',
        Data => pack 'H*', '47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b'));
if (($layout // '') eq 'nested') {
    my $content = MIME::Entity->build(Type => 'multipart/mixed', Id => '<content>');
    $content->add_part($_) for @parts;
    @parts = ($content);
}

my $soap = SOAP::Lite->proxy($url, timeout => 30)->autotype(0)->on_action(sub { '""' })
    ->on_fault(sub { undef })->parts([@parts]);
$soap->serializer->register_ns($ns, 'mm7');
my $transaction = "perl-$$-" . time;
my $som = $soap->call('mm7:DeliverReq',
    SOAP::Header->name('mm7:TransactionID')->value($transaction)->mustUnderstand(1),
    element('MM7Version', '6.8.0'),
    element('LinkedID', "linked-$$"),
    element('Sender', element('Number', $consumer)),
    element('Recipients', element('To', element('Number', $business))),
    element('TimeStamp', '2026-11-24T10:00:00Z'),
    element('Priority', 'Normal'),
    SOAP::Data->name('mm7:Content')->attr({ href => $layout ? 'cid:content' : 'cid:text' })->value(''));

my $result = { http => ($soap->transport->code // 0) + 0, sent => $transaction };
if (ref $som) {
    $result->{fault} = $som->faultstring if $som->fault;
    my %names = (status => 'StatusCode', text => 'StatusText', details => 'Details');
    $result->{$_} = $som->valueof("//Body//$names{$_}") for keys %names;
    $result->{transaction} = $som->valueof('//Header/TransactionID');
} else {
    $result->{error} = $soap->transport->is_success ? 'answer is no SOAP' : $soap->transport->status;
}
print JSON::PP->new->canonical->ascii->encode($result), "\n";
