/* A small module file of invented and well-known cmdlets with every kind of parameter, for the tests of the catalogue. */
#ifndef TESTS_CATALOGUE_FIXTURE_H
#define TESTS_CATALOGUE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "catalogue/module_file.h"

#define HEAD(name, binding) \
    "# .ExternalHelp Demo-Help.xml\nfunction script:" name "\n{\n    [CmdletBinding(" binding ")]\n    param(\n    \n"
#define TAIL \
    "\n    )\n    Begin {\n        $a = @{ x = 'function y' }\n    }\n    Process {\n    }\n    End {\n    }\n}\n\n"

static const char fixture_text[] =
    "$DefaultHTTPTimeout = 960\nfunction Get-Helper\n{\n    param(\n    [string]\n    ${Inner}\n    )\n}\n\n"
    HEAD("Get-ComplianceCase", "DefaultParameterSetName='Identity'")
    "    ${CaseType},\n\n"
    "    [Parameter(ParameterSetName='Identity', Position=0, ValueFromPipeline=$true, "
    "ValueFromPipelineByPropertyName=$true)]\n    ${Identity},\n\n"
    "    [switch]\n    ${RecentOnly}"
    TAIL
    HEAD("Get-Label", "")
    "    [Parameter(Position=0)]\n    [ValidateNotNullOrEmpty()]\n    ${Identity},\n\n"
    "    [switch]\n    ${IncludeDetailedLabelActions},\n\n"
    "    ${ResultSize}"
    TAIL
    HEAD("Set-Thing", "DefaultParameterSetName='ById', SupportsShouldProcess=$true, ConfirmImpact='High'")
    "    [Parameter(ParameterSetName='ById', Mandatory=$true, Position=0)]\n"
    "    [Parameter(ParameterSetName='ByBoth', Mandatory=$true, Position=1)]\n    ${Identity},\n\n"
    "    [Parameter(ParameterSetName='ByName', Mandatory=$true, HelpMessage='It''s a name')]\n"
    "    [Parameter(ParameterSetName='ByBoth', Mandatory=$true, Position=0)]\n    [Alias('Nick')]\n"
    "    [ValidateLength(2, 20)]\n    [string]\n    ${Name},\n\n"
    "    [ValidateSet('Red','Green','Blue')]\n    [string]\n    ${Colour},\n\n"
    "    [bool]\n    ${Enabled},\n\n"
    "    [switch]\n    ${Force},\n\n"
    "    [ValidateRange(1, 100)]\n    [int]\n    ${Count},\n\n"
    "    [long]\n    ${Big},\n\n"
    "    [double]\n    ${Ratio},\n\n"
    "    [guid]\n    ${Id},\n\n"
    "    [datetime]\n    ${When},\n\n"
    "    [timespan]\n    ${Span},\n\n"
    "    [uri]\n    ${Link},\n\n"
    "    [cultureinfo]\n    ${Language},\n\n"
    "    [version]\n    ${Release},\n\n"
    "    [byte[]]\n    ${FileData},\n\n"
    "    [byte[][]]\n    ${Files},\n\n"
    "    [System.IO.Stream]\n    ${Body},\n\n"
    "    [securestring]\n    ${Password},\n\n"
    "    [pscredential]\n    ${Login},\n\n"
    "    [string[]]\n    ${Words},\n\n"
    "    [guid[]]\n    ${Ids},\n\n"
    "    [datetime[]]\n    ${Days},\n\n"
    "    [ushort[]]\n    ${Ports},\n\n"
    "    [System.Object[]]\n    ${Things},\n\n"
    "    [System.Collections.Generic.List[string]]\n    ${Lines},\n\n"
    "    [hashtable]\n    ${Settings},\n\n"
    "    [hashtable[]]\n    ${Conditions},\n\n"
    "    [System.Nullable[bool]]\n    ${Maybe},\n\n"
    "    [System.Linq.Expressions.Expression]\n    ${Strange},\n\n"
    "    ${ExchangeLocation},\n\n"
    "    ${StartDate},\n\n"
    "    ${Anything}"
    TAIL
    "$HelpFileNames = @('Demo-Help.xml')\n$PublicKey = '<RSAKeyValue><Modulus>AQAB</Modulus></RSAKeyValue>'\n####\n"
    "Export-ModuleMember -Function @(\"get-compliancecase\", \"Get-Label\", \"Set-Thing\")\n"
    "Export-ModuleMember -Alias @()\n";

static struct catalogue *fixture_catalogue(void)
{
    struct err err = { 0 };
    struct catalogue *catalogue = module_file_parse(STR(fixture_text), STR(""), &err);
    assert_string_equal(err.text, "");
    assert_non_null(catalogue);
    return catalogue;
}

#endif
