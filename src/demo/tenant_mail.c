/* Seeds of quarantine, recipients and groups. tenant.h explains the notation. */
#include "demo/tenant.h"

/* subject | why it was caught | sender | by which kind of policy */
static const char *const messages[] = {
    "Your parcel is waiting 📦|HighConfPhish|parcel@deliver-y.localhost|HostedContentFilterPolicy",
    "Invoice 2025-4411|Malware|billing@fabrikam.localhost|AntiMalwarePolicy",
    "Счёт на оплату|Spam|buh@yandeks.localhost|HostedContentFilterPolicy",
    "【重要】アカウント確認|Phish|support@rnicrosoft.localhost|AntiPhishPolicy",
    "Votre colis|Bulk|news@colis.localhost|HostedContentFilterPolicy",
    "عرض خاص|Spam|offers@souq.localhost|HostedContentFilterPolicy",
    "מבצע מיוחד|Bulk|sale@example.localhost|HostedContentFilterPolicy",
    "RE: RE: contract|TransportRule|legal@tailspin.localhost|ExchangeTransportRule",
    "Payroll change request|HighConfPhish|ceo@c0ntoso.localhost|AntiPhishPolicy",
    "Προσφορά|Spam|info@agora.localhost|HostedContentFilterPolicy",
    "a very long subject line that somebody wrote to fill the whole width of any table: please read the attached "
    "document before the end of the day and send it back signed, thank you so much|Bulk|long@wordy.localhost|"
    "HostedContentFilterPolicy",
    "scan0001.zip|Malware|scanner@contoso.localhost|AntiMalwarePolicy",
    "Überweisung fehlgeschlagen|Phish|konto@bank-sicher.localhost|AntiPhishPolicy", NULL,
};

/* No Name and no Guid: Identity is two Guids with a backslash between, a trap for quoting. */
static const char *const message_shape[] = {
    "Identity s {guid:network}\\{guid}", "ReceivedTime d changed", "Organization s contoso.onmicrosoft.localhost",
    "MessageId s <{guid:message}@mail.localhost>", "SenderAddress s {3}", "RecipientAddress L {upn:recipient}",
    "Subject s {name}", "Size i {int:4000-2400000}", "SizeText s {size:Size:4000-2400000}", "Type s {2}",
    "PolicyType s {4}", "PolicyName s Default", "TagName s AdminOnlyAccessPolicy",
    "PermissionToBlockSender,PermissionToDelete,PermissionToPreview,PermissionToRelease,PermissionToViewHeader b true",
    "PermissionToDownload b false", "Released b false", "ReleaseStatus s NOTRELEASED", "SystemReleased b false",
    "RecipientCount i 1", "QuarantineTypes s {2}", "Expires d changed+2592000", "RecipientTag L ",
    "DeletedForRecipients L ", "QuarantinedUser L ", "ReleasedUser L ", "ReleasedBy L ", "Reported b false",
    "Direction s {pick:Inbound;Inbound;Inbound;Outbound}", "CustomData n", "EntityType s Email", "SourceId s ",
    "TeamsConversationType s ", "ApprovalUPN s ", "ApprovalId s ", "MoveToQuarantineAdminActionTakenBy s ",
    "MoveToQuarantineApprovalId s ", "OverrideReason s None", NULL,
};

/* name | mailbox | recipient type | details. The names are those of tenant_shape.c, so that references lead somewhere. */
static const char *const recipients[] = {
    "Adele Vance|adele.vance|UserMailbox|UserMailbox", "Renée Lefèvre|renee.lefevre|UserMailbox|UserMailbox",
    "Jürgen Müßig|juergen.muessig|UserMailbox|UserMailbox",
    "Αλέξανδρος Παπαδόπουλος|a.papadopoulos|UserMailbox|UserMailbox",
    "Ольга Смирнова|olga.smirnova|UserMailbox|UserMailbox", "佐藤 花子|hanako.sato|UserMailbox|UserMailbox",
    "محمد العلي|mohammed.alali|UserMailbox|UserMailbox", "נועה לוי|noa.levi|UserMailbox|UserMailbox",
    "Deal room|dealroom|UserMailbox|SharedMailbox", "Room Zugspitze|room.zugspitze|UserMailbox|RoomMailbox",
    "Legal|legal|MailUniversalDistributionGroup|MailUniversalDistributionGroup",
    "Compliance Team|compliance|MailUniversalSecurityGroup|MailUniversalSecurityGroup",
    "Outside Counsel|counsel|MailUser|GuestMailUser",
    "Project Tailspin|tailspin|MailUniversalDistributionGroup|GroupMailbox", NULL,
};

static const char *const recipient_shape[] = {
    "ExternalDirectoryObjectId s {guid:directory}", "Alias s {2}",
    "EmailAddresses L SMTP:{2}@contoso.onmicrosoft.localhost|smtp:{2}@contoso.localhost", "DisplayName s {1}",
    "FirstName s ", "LastName s ", "Name s {name}", "City s {pick:München;Paris;Αθήνα;東京;Seattle;Kraków}",
    "Company s Contoso", "CountryOrRegion s {pick:Germany;France;Greece;Japan;United States;Poland}",
    "CustomAttribute1,CustomAttribute2 s ", "Department s {pick:Legal;Finance;IT;Research}",
    "HiddenFromAddressListsEnabled b false", "EmailAddressPolicyEnabled b false", "Manager s ",
    "Office s {int:1-9}/{n}", "Phone s +49 89 {int:100000-999999}",
    "PrimarySmtpAddress s {2}@contoso.onmicrosoft.localhost", "RecipientType s {3}", "RecipientTypeDetails s {4}",
    "Title s ", "LitigationHoldEnabled b false", "SKUAssigned b true", "ArchiveStatus s None",
    "ArchiveGuid g 00000000-0000-0000-0000-000000000000", "ExchangeGuid g {guid:mailbox}",
    "WhenMailboxCreated d created", "WhenSoftDeleted d ", "Guid g {guid}", "& object", NULL,
};

/* name | mailbox | type | notes */
static const char *const groups[] = {
    "Legal|legal|MailUniversalDistributionGroup|Everyone in the legal department.",
    "Compliance Team|compliance|MailUniversalSecurityGroup|",
    "Finanzen München|finanzen|UniversalSecurityGroup|Buchhaltung und Controlling",
    "営業部|eigyo|MailUniversalDistributionGroup|", "Отдел закупок|procurement|MailUniversalDistributionGroup|",
    "All Employees|all|MailUniversalDistributionGroup|", "Board 🔒|board|MailUniversalSecurityGroup|",
    "Étudiants en stage|stagiaires|UniversalDistributionGroup|", "Helpdesk|helpdesk|UniversalSecurityGroup|", NULL,
};

static const char *const group_shape[] = {
    "DisplayName s {1}", "GroupType s Universal", "ManagedBy L {person:manager}", "SamAccountName s {2}",
    "Sid s S-1-5-21-{int:1000000-9999999}-{n}", "IsDirSynced b false", "Notes s {4}",
    "Members L {person:first}|{person:second}|{person:third}", "Phone s ",
    "OrganizationalUnit s contoso.onmicrosoft.localhost/Groups", "RecipientType s {3}", "RecipientTypeDetails s {3}",
    "WindowsEmailAddress s {2}@contoso.onmicrosoft.localhost", "Name s {name}", "Guid g {guid}", "& object", NULL,
};

const struct noun nouns_mail[] = {
    { "QuarantineMessage", messages, 40, "", message_shape, NULL, NULL },
    { "Recipient", recipients, 14, "", recipient_shape, NULL, NULL },
    { "Group", groups, 9, "", group_shape, NULL, NULL },
    { 0 },
};
