"""What the store refuses, as one tree.

::

    StoreError
    ├── DatabaseAddressError     the database's URL cannot be used
    ├── DatabaseUnreachable      no connection could be made
    ├── DatabaseBusy             others held a lock for longer than is waited
    ├── DatabaseFailed           the database refused a statement, or could not do it
    ├── SchemaUnknown            the database was made by a newer version
    ├── JournalError
    │   ├── JournalFull          more entries wait than may wait
    │   ├── JournalClosed        not started, or closed already
    │   └── JournalFailed        the database refused the entry
    ├── RegisterError
    │   ├── RegisterExists       the register has a kind already
    │   ├── UlnTaken             the ULN is held already
    │   ├── UlnUnknown           the register has no such ULN
    │   ├── LearnerDeleted       the record was deleted
    │   ├── AlreadyMerged        the record was merged into another
    │   ├── NotMerged            an unmerge of a record that stands for itself
    │   ├── MergeIntoItself      a merge of a record into itself
    │   ├── MergeCycle           a merge that would close a circle
    │   ├── HasMerged            others are merged into the record
    │   ├── ImportElsewhere      another process imports the same file
    │   └── ChainBroken          stored merges lead nowhere: the data were changed from outside
    ├── JobError
    │   ├── JobUnknown           no job by that number
    │   ├── JobFinished          the job has ended already
    │   └── JobNotStopped        a retry of a job that neither failed nor was cancelled
    └── OrganisationError
        ├── OrganisationInvalid  a field has not the form the contract asks for
        ├── OrganisationTaken    the identifier belongs to another
        └── OrganisationUnknown  no organisation by that identifier

Texts name the identifier and the way out; none carries a learner's details or a credential.
"""

# ruff: noqa: N818  # the tree's inner nodes say Error; a leaf says what is the matter


class StoreError(Exception):
    """Anything the store refuses."""


class DatabaseAddressError(StoreError):
    """The database's URL cannot be used."""


class DatabaseUnreachable(StoreError):
    """No connection to the database could be made."""


class DatabaseBusy(StoreError):
    """Others held a lock for longer than is waited; the driver's error is the cause."""


class DatabaseFailed(StoreError):
    """The database refused a statement, or could not do it; the driver's error is the cause."""


class SchemaUnknown(StoreError):
    """The database carries a schema revision that this version does not know."""


class JournalError(StoreError):
    """An audit entry could not be taken."""


class JournalFull(JournalError):
    """More entries wait to be written than may wait."""


class JournalClosed(JournalError):
    """The journal is not running."""


class JournalFailed(JournalError):
    """The database refused an audit entry; the cause is attached."""


class RegisterError(StoreError):
    """A change that the Learner Register refuses."""


class RegisterExists(RegisterError):
    """The register was created before."""


class UlnTaken(RegisterError):
    """The ULN is held already, be it by a deleted or merged record."""


class UlnUnknown(RegisterError):
    """The register has no such ULN."""


class LearnerDeleted(RegisterError):
    """The record was deleted."""


class AlreadyMerged(RegisterError):
    """The record was merged into another."""


class NotMerged(RegisterError):
    """The record stands for itself."""


class MergeIntoItself(RegisterError):
    """A record cannot be its own master."""


class MergeCycle(RegisterError):
    """The merge would close a circle."""


class HasMerged(RegisterError):
    """Other records are merged into this one."""


class ImportElsewhere(RegisterError):
    """Another process imports the same file."""


class ChainBroken(RegisterError):
    """The stored merges of a record lead nowhere."""


class JobError(StoreError):
    """A change of a job that is refused."""


class JobUnknown(JobError):
    """No job is known by that number."""


class JobFinished(JobError):
    """The job has ended already."""


class JobNotStopped(JobError):
    """The job neither failed nor was cancelled."""


class OrganisationError(StoreError):
    """A change of an organisation that is refused."""


class OrganisationInvalid(OrganisationError):
    """A field has not the form the contract asks for."""


class OrganisationTaken(OrganisationError):
    """The identifier belongs to another organisation."""


class OrganisationUnknown(OrganisationError):
    """No organisation is known by that identifier."""
