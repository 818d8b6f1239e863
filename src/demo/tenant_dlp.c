/* Seeds of data loss prevention. tenant.h explains the notation. */
#include "demo/tenant.h"

/* name | comment | mode | Exchange | SharePoint | OneDrive. Endpoint and Teams policies have none of the three. */
static const char *const policies[] = {
    "U.S. Financial Data|Card and account numbers, U.S.|Enable|All|All|All",
    "GDPR – personal data|Personenbezogene Daten der EU|Enable|All|All|All",
    "HIPAA Enhanced|Health records|TestWithNotifications|All||",
    "Code de la santé|Données de santé, France|Enable|All|All|",
    "Source code leak|Keys, tokens and source archives|TestWithoutNotifications||All|All",
    "マイナンバー|個人番号の社外送信|Enable|All|All|", "Паспортные данные|Номера паспортов и СНИЛС|Enable|All||",
    "Endpoint – USB|Copy to removable media|Enable|||", "Teams: secrets in chat|Passwords and keys in chats|Enable|||",
    "Bank IBAN Europe|IBAN and SWIFT codes|Disable|All|All|All",
    "Copilot prompts|Labelled files must not be grounded on|TestWithNotifications|||",
    "Insider 🕵 watch|Users with elevated insider risk|Enable|All|All|All", NULL,
};

/* Most location lists are empty in a real policy too; they are here because forms and exports have to carry them. */
static const char *const policy_shape[] = {
    "Type s Dlp", "Name s {name}", "DisplayName s {name}", "Guid g {guid}", "Mode s {3}", "Enabled b true",
    "Comment s {2}", "Workload s Exchange, SharePoint, OneDriveForBusiness, Teams", "ExchangeLocation L {4}",
    "SharePointLocation L {5}", "SharePointLocationException L ", "OneDriveLocation L {6}",
    "OneDriveLocationException L ", "TeamsLocation L All",
    "TeamsLocationException,EndpointDlpLocation,EndpointDlpLocationException,ThirdPartyAppDlpLocation,"
    "ThirdPartyAppDlpLocationException L ",
    "OnPremisesScannerDlpLocation,OnPremisesScannerDlpLocationException,PowerBIDlpLocation,"
    "PowerBIDlpLocationException L ",
    "Locations s [{\"Workload\":\"Exchange\",\"Location\":\"All\",\"AddressBookScope\":null}]",
    "LocationInclusions,LocationExclusions L ", "EndpointDlpExtendedLocations n",
    "ExchangeSender,ExchangeSenderException,ExchangeSenderMemberOf,ExchangeSenderMemberOfException L ",
    "ExchangeAdaptiveScopes,ExchangeAdaptiveScopesException,SharePointAdaptiveScopes,"
    "SharePointAdaptiveScopesException L ",
    "OneDriveSharedBy,ExceptIfOneDriveSharedBy,OneDriveSharedByMemberOf,ExceptIfOneDriveSharedByMemberOf L ",
    "PolicyTemplateInfo j [{\"_key\":\"TemplateName\",\"_value\":\"{name}\"},{\"_key\":\"TemplateVersion\","
    "\"_value\":\"3\"}]",
    "PolicyCategory s Unknown", "MatchedItemsCount,TotalItemsCount,TopNLocationStatistics,WorkloadStatistics n",
    "IsSimulationPolicy b false", "SimulationStatus,AutoEnableAfter n", "IsFromSmartInsights b false",
    "IsColdDataSimulationPolicy b false", "ExtendedProperties n", "Summary b false", "EnforcementPlanes L ",
    "LogicalWorkload s None", "ExpectedLocations,CompletedLocations,FailedLocations i 0",
    "ItemStatistics,RuleMatchBlob,ErrorMetadata n", "UserAdministrativeUnitMembershipMap n", "ForceValidate b false",
    "PolicyRulesMetaData s {\"RuleCount\":{int:1-4},\"Names\":[\"Low volume\",\"High volume\"]}",
    "GlobalListType s None", "PolicyConstraints n", "& policy", "& object", NULL,
};

/* The conditions as .NET dictionaries arrive: pairs within pairs, with annotations inside (rest.md section 5). */
#define PAIR(key, value) "{\"_key\":\"" key "\",\"_value\":" value "}"
#define TYPE(name, id, low, confidence) \
    "[" PAIR("name", "\"" name "\"") "," PAIR("id", "\"" id "\"") "," PAIR("mincount", "\"" low "\"") "," PAIR("maxcount", "\"-1\"") "," \
    PAIR("confidencelevel", "\"" confidence "\"") "]"
#define CONDITIONS \
    "[[" PAIR("operator", "\"And\"") ",{\"_key\":\"groups\",\"_value@odata.type\":\"#Collection(Exchange.GenericHashTable)\",\"_value\":[[" \
    PAIR("operator", "\"Or\"") "," PAIR("name", "\"Default\"") "," PAIR("sensitivetypes", "[" \
    TYPE("Credit Card Number", "50842eb7-edc8-4019-85dd-5a5c1f2bb085", "1", "High") "," \
    TYPE("International Banking Account Number (IBAN)", "e7dc4711-11b7-4cb0-b88b-2c394a771f0e", "5", "Medium") "]") "]]}]]"

/* name | access scope | severity | blocks | priority within its policy */
static const char *const rules[] = {
    "Low volume, external|NotInOrganization|Low|false|0", "High volume, external|NotInOrganization|High|true|1",
    "Inside, just tell|InOrganization|Low|false|2", "Personendaten nach außen|NotInOrganization|Medium|true|0",
    "Santé – blocage|NotInOrganization|High|true|0", "社外送信ブロック|NotInOrganization|High|true|0",
    "Паспорт наружу|NotInOrganization|High|true|0", "USB copy|InOrganization|Medium|true|0",
    "Κάρτες εκτός εταιρείας|NotInOrganization|High|true|1", "מספרי זהות|NotInOrganization|Medium|false|0",
    "أرقام الحسابات|NotInOrganization|Medium|true|0", "Password in chat 🔑|InOrganization|Medium|true|0", NULL,
};

static const char *const rule_shape[] = {
    "Name s {name}", "DisplayName s {name}", "ParentPolicyName s {parent}", "Policy g {parentguid}", "Guid g {guid}",
    "Disabled b false", "Mode s Enforce", "Priority i {5}",
    "Workload s Exchange, SharePoint, OneDriveForBusiness, Teams",
    "Comment s Made for {person:comment}; reviewed every quarter.", "ContentContainsSensitiveInformation j " CONDITIONS,
    "ExceptIfContentContainsSensitiveInformation n", "AccessScope s {2}", "BlockAccess b {4}", "BlockAccessScope s All",
    "ReportSeverityLevel s {3}", "GenerateAlert L {upn:alert}", "GenerateIncidentReport L SiteAdmin",
    "IncidentReportContent s Default", "NotifyUser L LastModifier|Owner",
    "NotifyAllowOverride L FalsePositive|WithJustification", "NotifyEmailCustomSubject s ",
    "NotifyEmailCustomText s Bitte prüfen: your file or message holds data that must stay inside.",
    "NotifyPolicyTipCustomText s ",
    "NotifyPolicyTipCustomTextTranslations L fr:Ce contenu est protégé|ja:社外に送らないでください",
    "NotifyEndpointUser n", "StopPolicyProcessing b false", "EncryptRMSTemplate,ApplyBrandingTemplate n",
    "RemoveRMSTemplate b false", "EnforcePortalAccess b true", "Quarantine b false",
    "DocumentIsUnsupported,DocumentIsPasswordProtected,HasSenderOverride,ProcessingLimitExceeded,ContentIsNotLabeled "
    "b false",
    "SubjectContainsWords,SubjectMatchesPatterns,DocumentNameMatchesWords,DocumentNameMatchesPatterns,"
    "DocumentContainsWords L ",
    "SentTo,From,SenderDomainIs,RecipientDomainIs,FromMemberOf,SentToMemberOf,ContentExtensionMatchesWords L ",
    "ExceptIfRecipientDomainIs L fabrikam.localhost", "ContentPropertyContainsWords L ",
    "MessageSizeOver s {pick:10 MB (10,485,760 bytes);99 GB (106,300,440,576 bytes)}", "DocumentSizeOver n",
    "MessageTypeMatches n", "HeaderContainsWords n", "SetHeader n", "ModifySubject n", "RedirectMessageTo L ",
    "PrependSubject n",
    "AlertProperties j [" PAIR("AggregationType", "\"SimpleAggregation\"") "," PAIR("Threshold", "\"15\"") ","
    PAIR("TimeWindow", "\"60\"") "]",
    "AdvancedRule s {\"Version\":\"1.0\",\"Condition\":{\"Operator\":\"And\","
    "\"SubConditions\":[{\"ConditionName\":\"AccessScope\",\"Value\":\"{2}\"}]}}",
    "IsAdvancedRule b false", "EvaluateRulePerComponent b false", "RuleErrorAction s ", "ActivationDate d created",
    "ExpiryDate d ", "RuleXml,ErrorMetadata n", "ExternalIdentity s ", "ImmutableId g {guid:immutable}",
    "MaximumBlobRuleLength i 0", "ReadOnly b false", "CreatedBy,LastModifiedBy s {by}",
    "ObjectVersion g {guid:version}", "& object", NULL,
};

/* name | description | publisher; some are the company's own */
static const char *const types[] = {
    "Credit Card Number|Detects card numbers of the big issuers.|Microsoft Corporation",
    "EU Debit Card Number|Detects European debit card numbers.|Microsoft Corporation",
    "International Banking Account Number (IBAN)|Detects IBANs with their check digits.|Microsoft Corporation",
    "Germany Identity Card Number|Detects German identity card numbers.|Microsoft Corporation",
    "France Social Security Number (INSEE)|Detects NIR numbers.|Microsoft Corporation",
    "Japan My Number - Personal|Detects individual numbers.|Microsoft Corporation",
    "Greece National ID Card|Detects Greek identity cards.|Microsoft Corporation",
    "Israel National Identification Number|Detects Israeli identity numbers.|Microsoft Corporation",
    "Контракт Contoso|Номера внутренних договоров.|Contoso",
    "Projektnummer (Contoso)|Sechsstellige Projektnummern.|Contoso",
    "U.S. Social Security Number (SSN)|Detects SSNs in several forms.|Microsoft Corporation",
    "Azure Storage Account Key|Detects storage keys.|Microsoft Corporation", NULL,
};

static const char *const type_shape[] = {
    "Name s {name}", "Description s {2}", "Id g {guid}", "Publisher s {3}", "Type s Entity",
    "RecommendedConfidence i {pick:65;75;85}", "RulePackId g {guid:pack}",
    "RulePackType s {pick:Predefined;Predefined;Custom}", "Capability s AllPermissions", "State s Ready",
    "Identity s {guid}", "Guid g {guid}", "IsValid b true", "ObjectState s Unchanged", NULL,
};

const struct noun nouns_dlp[] = {
    { "DlpCompliancePolicy", policies, 12, "|Enable|||", policy_shape, NULL, NULL },
    { "DlpComplianceRule", rules, 30, "InOrganization|Low|false|0", rule_shape, "DlpCompliancePolicy", "Policy" },
    { "DlpSensitiveInformationType", types, 12, "|Contoso", type_shape, NULL, NULL },
    { 0 },
};
